/** The three functions of the reflect-metadata proposal that the X.509 library’s container asks for. */
interface MetadataReflection {
  defineMetadata(key: unknown, value: unknown, target: object): void
  getOwnMetadata(key: unknown, target: object): unknown
  getMetadata(key: unknown, target: object): unknown
}

/** Adds them to `Reflect`, unless somebody has: the library refuses to load without. */
export function provideReflectMetadata(): void {
  if ('getMetadata' in Reflect) return
  const kept = new WeakMap<object, Map<unknown, unknown>>()
  const reflection: MetadataReflection = {
    defineMetadata(key, value, target) {
      const own = kept.get(target) ?? new Map<unknown, unknown>()
      kept.set(target, own.set(key, value))
    },
    getOwnMetadata: (key, target) => kept.get(target)?.get(key),
    getMetadata(key, target) {
      for (let each: object | null = target; each !== null; each = prototypeOf(each)) {
        const own = kept.get(each)
        if (own?.has(key) === true) return own.get(key)
      }
      return undefined
    },
  }
  Object.assign(Reflect, reflection)
}

const prototypeOf = (target: object): object | null =>
  Object.getPrototypeOf(target) as object | null
