/** A report as it came, with the name that it is held against before anybody decodes it. */
export interface RawReport {
  /** As in the message: whoever decodes it has to find the same. */
  readonly agent: string
  readonly bytes: Buffer
}

/** Of ReportRequest.agent: its number, and that bytes of its length follow. */
const agentTag = (1 << 3) | 2

/** Reads past everything but the agent’s name; of bytes that are no message, the name is ''. */
export function rawReport(bytes: Buffer): RawReport {
  let at = 0
  let agent = ''
  const number = (): number => {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at]
      if (byte === undefined) return NaN
      at += 1
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = number()
    const kind = tag % 8
    if (kind === 0) number()
    else if (kind === 1) at += 8
    else if (kind === 5) at += 4
    else if (kind === 2) {
      const end = number() + at
      if (tag === agentTag) agent = bytes.toString('utf8', at, end)
      at = end
    } else return { agent: '', bytes }
  }
  return { agent: at === bytes.length ? agent : '', bytes }
}
