/** An answer other than 200, in the form that OpenAI clients know. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: string | null
  readonly param: string | null

  constructor(
    status: number,
    message: string,
    code: string | null = null,
    param: string | null = null,
  ) {
    super(message)
    this.status = status
    this.code = code
    this.param = param
  }

  body(): string {
    return JSON.stringify({
      error: {
        message: this.message,
        type: this.status < 500 ? 'invalid_request_error' : 'server_error',
        param: this.param,
        code: this.code,
      },
    })
  }
}
