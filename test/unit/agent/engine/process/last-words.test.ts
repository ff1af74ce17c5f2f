import { describe, expect, it } from 'vitest'
import { lastWords } from '../../../../../agent/engine/process/last-words.js'

describe('the last words of a program', () => {
  it.each<[string, string[], string[]]>([
    [
      'llama.cpp’s',
      [
        'slot launch_slot_: id 47 | task 3585 | processing task',
        'E CUDA error: an illegal instruction was encountered',
        '/tmp/llama-server(+0x1a1f7db)[0x55b710e957db]',
        '/lib/x86_64-linux-gnu/libc.so.6(__libc_start_main+0x8b)[0x7f0f2562a28b]',
      ],
      [
        'slot launch_slot_: id 47 | task 3585 | processing task',
        'E CUDA error: an illegal instruction was encountered',
      ],
    ],
    [
      'gdb’s',
      [
        'Thread 1 received SIGABRT',
        '#0  0x00007f3c in raise () from /lib/libc.so.6',
        '#1  main at x.c:1',
      ],
      ['Thread 1 received SIGABRT'],
    ],
    [
      'PyTorch’s',
      [
        'CUDA error: device-side assert triggered',
        'frame #0: c10::Error::Error(...) + 0x96 (0x7f2 in /usr/lib/libc10.so)',
        '[rank0]: frame #1: c10::detail::torchCheckFail(...) (0x7f in libc10.so)',
        'terminate called',
      ],
      ['CUDA error: device-side assert triggered', 'terminate called'],
    ],
    [
      'Python’s',
      [
        'INFO loading',
        '(EngineCore_DP0 pid=7) Traceback (most recent call last):',
        '(EngineCore_DP0 pid=7)   File "/v/core.py", line 12, in run',
        '(EngineCore_DP0 pid=7)     engine = Core(config)',
        '(EngineCore_DP0 pid=7)              ^^^^^^^^^^^^',
        '(EngineCore_DP0 pid=7) ValueError: no such layer',
      ],
      ['INFO loading', '(EngineCore_DP0 pid=7) ValueError: no such layer'],
    ],
  ])('are not the frames of a backtrace: %s', (_, lines, telling) => {
    expect(lastWords(lines, 5)).toEqual(telling)
  })

  it('are the last, as many as asked, and frames where there is nothing else', () => {
    expect(lastWords(['a', 'b', 'c'], 2)).toEqual(['b', 'c'])
    expect(lastWords(['x(+0x1)[0x2]'], 2)).toEqual(['x(+0x1)[0x2]'])
    expect(lastWords([], 2)).toEqual([])
  })
})
