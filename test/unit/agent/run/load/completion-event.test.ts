import { describe, expect, it } from 'vitest'
import { readCompletionEvent } from '../../../../../agent/run/load/completion-event.js'

const read = (text: string) => readCompletionEvent(Buffer.from(text))

describe('readCompletionEvent', () => {
  it.each([
    ['{"choices":[{"index":0,"text":"a"}],"usage":null}', true],
    ['{"choices":[{"index":0,"text":""}]}', false],
    ['{"choices": [{"index": 0, "text" : "a"}]}', true],
    ['{"choices":[{"delta":{"role":"assistant","content":""}}]}', false],
    ['{"choices":[{"delta":{"content":"a"}}]}', true],
    ['{"choices":[{"delta":{"content":null,"reasoning_content":"hm"}}]}', true],
    ['{"choices":[]}', false],
    ['{"choices":[{"text":"\\"usage\\":{ \\"error\\": 1"}]}', true],
  ])('sees whether %s carries text', (text, expected) => {
    expect(read(text)).toEqual({ kind: 'chunk', text: expected })
  })

  it('reads usage with the cached part of the prompt', () => {
    const text =
      '{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}}'
    expect(read(text)).toEqual({
      kind: 'chunk',
      text: false,
      usage: { promptTokens: 7, completionTokens: 3, cachedTokens: 2 },
    })
  })

  it('does not trust counts that are none', () => {
    expect(read('{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":"x"}}')).toEqual({
      kind: 'chunk',
      text: false,
      usage: { promptTokens: null, completionTokens: null, cachedTokens: null },
    })
  })

  it('counts token ids where the server gives them', () => {
    expect(read('{"choices":[{"text":"ab","token_ids":[1,2]}]}')).toEqual({
      kind: 'chunk',
      text: true,
      tokens: 2,
    })
  })

  it('knows the end', () => {
    expect(read('[DONE]')).toEqual({ kind: 'done' })
    expect(read(' [DONE] ')).toEqual({ kind: 'done' })
  })

  it('says what an error says', () => {
    expect(read('{"error":{"code":500,"message":"out of memory","type":"server_error"}}')).toEqual({
      kind: 'error',
      message: '500 server_error out of memory',
    })
    expect(read('{"error":"boom"}')).toEqual({ kind: 'error', message: 'boom' })
  })

  it.each(['{"choices":[', 'hello', '17', '{"choices":[}'])('calls %s malformed', (text) => {
    expect(read(text)).toEqual({ kind: 'malformed' })
  })
})
