/** The part of jstat that shared/stats/special-functions.ts uses; the package ships no types. */
declare module 'jstat' {
  interface Distribution<Parameters extends readonly number[]> {
    cdf(x: number, ...parameters: Parameters): number
    inv(probability: number, ...parameters: Parameters): number
  }
  const jStat: {
    gammaln(x: number): number
    ibeta(x: number, a: number, b: number): number
    ibetainv(probability: number, a: number, b: number): number
    readonly normal: Distribution<readonly [mean: number, sd: number]>
    readonly studentt: Distribution<readonly [degreesOfFreedom: number]>
    readonly chisquare: Distribution<readonly [degreesOfFreedom: number]>
  }
  export default jStat
}
