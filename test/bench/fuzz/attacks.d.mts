/** One frame of HTTP/2. */
export function frame(type: number, flags: number, stream: number, payload?: Buffer): Buffer
export const preface: Buffer
export const ping: Buffer
export const settings: Buffer
export function headers(stream: number): Buffer
export function reset(stream: number): Buffer
export function giant(stream: number): Buffer
