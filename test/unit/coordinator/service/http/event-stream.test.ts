import { afterEach, expect, it } from 'vitest'
import { EventStream } from '../../../../../coordinator/service/http/event-stream.js'
import type { Route } from '../../../../../coordinator/service/http/route.js'
import { clock, closeAll, door } from './door-bench.js'

afterEach(closeAll)

const streaming = (begin: (stream: EventStream) => void, admitted = () => true): Route => ({
  method: 'GET',
  path: '/stream',
  handle: ({ signal }) => ({
    kind: 'stream',
    pour(response) {
      const stream = new EventStream(response, clock, admitted)
      begin(stream)
      return stream.over(signal)
    },
  }),
})

async function listen(url: string) {
  const response = await fetch(`${url}stream`)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let heard = ''
  return {
    /** Reads on until the text is there. */
    async until(text: string): Promise<void> {
      while (!heard.includes(text)) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`over before ${text}: ${heard}`)
        heard += new TextDecoder().decode(value)
      }
    },
    end: () => reader.read(),
    leave: () => reader.cancel(),
  }
}

it('tells events by name, with an id where a browser may go on from', async () => {
  const url = await door({
    routes: [
      streaming((stream) => {
        stream.send('surface', { revision: NaN })
        stream.send('events', [], 7)
      }),
    ],
  })
  const line = await listen(url)
  await line.until('retry: 2000\n\n')
  await line.until('event: surface\ndata: {"revision":null}\n\n')
  await line.until('id: 7\nevent: events\ndata: []\n\n')
  await line.leave()
})

it('says that it lives, until its bearer is no longer let in', async () => {
  let admitted = true
  const url = await door({
    routes: [
      streaming(
        () => undefined,
        () => admitted,
      ),
    ],
  })
  const line = await listen(url)
  await clock.advance(15)
  await line.until(': here\n\n')
  admitted = false
  await clock.advance(15)
  await expect(line.end()).rejects.toThrow()
})

it('cuts a reader that falls megabytes behind', async () => {
  let stream: EventStream | undefined
  const url = await door({
    routes: [
      streaming((opened) => {
        stream = opened
      }),
    ],
  })
  const line = await listen(url)
  const long = JSON.stringify('x'.repeat(2 ** 20))
  for (let k = 0; k < 40; k += 1) stream?.sendText('events', long)
  await expect(line.until('never')).rejects.toThrow()
})

it('ends when the door closes', async () => {
  const url = await door({ routes: [streaming(() => undefined)] })
  const line = await listen(url)
  await closeAll()
  await expect(line.until('never')).rejects.toThrow()
})
