const mebibyte = 1024 * 1024

/**
 * Every limit of a coordinator’s port, in one place; docs/SECURITY.md prints the table and names the
 * test of each row. They are far above what a lab needs (a thousand agents behind one address work)
 * and far below what hurts.
 */
export const defaultLimits = {
  /** Connections at once, and from one host: a flood from one leaves room for the others. */
  connections: 8192,
  connectionsPerHost: 2048,
  /**
   * New connections per second from one host, and how many may come at once: whoever is ended for what
   * it does cannot come again as fast as it likes. All agents of a host may come back together.
   */
  connectsPerSecond: 200,
  connectsAtOnce: 2048,
  /**
   * Seconds in which a new connection must have made its first call: no client of gRPC connects
   * before it has one. Ends what never finishes its handshake, its preface or its headers, and what
   * sends frames of control only.
   */
  openingSeconds: 10,
  /** Seconds in which a call must have brought its first message whole: 16 MiB from a slow network. */
  messageSeconds: 60,
  /** Seconds that a connection may stay without a call; an honest one is made anew by its next call. */
  idleSeconds: 300,
  /** Streams open at once on a connection. */
  streamsPerConnection: 2048,
  /** Unary calls and new streams per second on a connection, and how many may come at once. */
  callsPerSecond: 2000,
  callsAtOnce: 4000,
  /** Messages per second within one stream, and how many may come at once. */
  messagesPerSecond: 1000,
  messagesAtOnce: 2000,
  /** Bytes of one message. A longer length prefix ends the call before any of it is kept. */
  messageBytes: 16 * mebibyte,
  /** Bytes of a sweep file. */
  sweepTextBytes: mebibyte,
  /** Agents’ sessions at once. */
  sessions: 4096,
  /** Seconds in which an agent must say hello. */
  helloSeconds: 10,
  /** Heartbeats that may fail to come before an open socket counts as dead. */
  silentHeartbeats: 4,
  /** Requests for work of one agent that may wait behind one another. */
  waitingRequests: 16,
  /** Entries in any list of a hello: engines, devices, leases, data files. */
  helloEntries: 256,
  /** Characters of any text in a hello. */
  helloTextLength: 512,
  /** Streams that watch or export at once. */
  watches: 512,
  /** Messages, and bytes of them, that a peer may leave unread. */
  unreadMessages: 1000,
  unreadBytes: 32 * mebibyte,
} as const

export type Limits = Readonly<Record<keyof typeof defaultLimits, number>>
