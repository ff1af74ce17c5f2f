/** An element of a small XML text: no attributes with meaning but `id`, no mixed content. */
export interface XmlElement {
  readonly name: string
  readonly id?: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

interface Open {
  name: string
  id: string | undefined
  text: string
  children: XmlElement[]
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}

const decode = (text: string) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity)

/** Deepest nesting followed: nvidia-smi’s own is 6. */
const deepest = 64

/**
 * Reads as much as there is: a text that ends early gives what came before its end.
 *
 * @returns the root’s children under a nameless root, and whether the text ended where it should.
 */
export function readXml(text: string): { readonly root: XmlElement; readonly complete: boolean } {
  const root: Open = { name: '', id: undefined, text: '', children: [] }
  const stack: Open[] = [root]
  let complete = true
  const tag =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<![^>]*>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s[^<>]*?)?)(\/?)>/g
  let from = 0
  const top = () => stack[stack.length - 1] as Open
  const close = () => {
    const { name, id, text: words, children } = stack.pop() as Open
    top().children.push({
      name,
      text: decode(words).trim(),
      children,
      ...(id === undefined ? {} : { id }),
    })
  }
  for (const match of text.matchAll(tag)) {
    top().text += text.slice(from, match.index)
    from = match.index + match[0].length
    const [, closing, name, attributes = '', empty] = match
    if (name === undefined) continue
    if (closing === '/') {
      const at = stack.findLastIndex((open) => open.name === name)
      if (at <= 0) {
        complete = false
        continue
      }
      if (at !== stack.length - 1) complete = false
      while (stack.length > at) close()
      continue
    }
    if (stack.length > deepest) {
      complete = false
      continue
    }
    const id = /\sid="([^"]*)"/.exec(attributes)?.[1]
    stack.push({ name, id, text: '', children: [] })
    if (empty === '/') close()
  }
  if (stack.length > 1) complete = false
  while (stack.length > 1) close()
  return { root: { name: '', text: '', children: root.children }, complete }
}

/** The first element at a path of names below `element`. */
export function elementAt(element: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (found, name) => found?.children.find((child) => child.name === name),
    element,
  )
}

export const textAt = (element: XmlElement, ...path: readonly string[]): string | undefined =>
  elementAt(element, ...path)?.text
