/**
 * Frames of a backtrace: glibc’s and llama.cpp’s (`program(+0x1f0f5d)[0x55a7]`), gdb’s (`#3 0x…`),
 * PyTorch’s (`frame #3: …`), and what stands above and below Python’s own.
 */
const frames: readonly RegExp[] = [
  /\[0x[0-9a-f]+\]\s*$/i,
  /^\s*#\d+\s+(?:0x[0-9a-f]+|\S+ at )/i,
  /\bframe #\d+: /,
  /\bTraceback \(most recent call last\)/,
  /^[^"]*\s\s[~^]+\s*$/,
]
const pythonFrame = /(^|\s\s)File ".+", line \d+, in /

/** The last lines of a log that tell something: of a backtrace only what was said before and after. */
export function lastWords(lines: readonly string[], count: number): string[] {
  const telling = lines.filter((line, at) => {
    if (frames.some((frame) => frame.test(line)) || pythonFrame.test(line)) return false
    // The line of source that Python shows below a frame.
    return !pythonFrame.test(lines[at - 1] ?? '')
  })
  // A log of nothing else is better shown than none.
  return (telling.length > 0 ? telling : lines).slice(-count)
}
