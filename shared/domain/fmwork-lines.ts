/**
 * The lines that IBM’s fmwork prints, in every variant that its versions and forks have had. Pure. A
 * line starts at column 0 with `FMWORK `; everything else in a log is somebody else’s.
 */

/** One line, taken apart. */
export interface FmworkLine {
  readonly keyword: string
  /** Letter of the variant, such as C of REP-C; absent where a keyword has one form only. */
  readonly variant?: string
  /** Figures by name; `begin`, `end` and `dt` are seconds, `itl` milliseconds, `thp` tokens per second. */
  readonly figures: Readonly<Record<string, number>>
  /** Everything else by name. */
  readonly words: Readonly<Record<string, string>>
  /** Names of figures that are nan or inf: a single repetition gives them. */
  readonly notFinite: readonly string[]
}

/**
 * Fields in order, as `name:type`; other words stand for themselves. Types: `n` a whole number, `at`
 * epoch or monotonic seconds with nine decimals, `et` local date and time, `f` a figure, `f1` and
 * `f3` a figure with so many decimals, `w` a word. Where two forms fit, the first one counts.
 */
const forms: readonly (readonly [keyword: string, variant: string, fields: string])[] = [
  ['REP', 'A', 'rep:n / reps:n : begin:at end:at dt:f itl:f thp:f'],
  ['REP', 'B', 'rep:n / reps:n : ii:n oo:n bb:n tp:n begin:at end:at dt:f itl:f thp:f'],
  ['REP', 'C', 'rep:n reps:n begin:at end:at model:w ii:n oo:n bb:n tp:n dt:f itl:f thp:f'],
  ['REP', 'D', 'rep:n reps:n begin:at end:at dt:f'],
  [
    'REP',
    'E',
    'time:et rep:n reps:n ii:n oo:n bb:n tp:n ii_real:f oo_real:f ttft:f inf:f gen:f itl:f thp:f',
  ],
  [
    'REP',
    'F',
    'model:w ii:n oo:n bb:n | ptok:f ctok:f | queue:f prompt:f compl:f total:f | itl:f thp:f',
  ],
  ['RES', 'A', 'time:et ii:n oo:n bb:n tp:n med:f itl:f thp:f'],
  ['RES', 'C', 'begin:at end:at model:w ii:n oo:n bb:n tp:n mad:f med:f itl:f thp:f'],
  ['RES', 'D', 'begin:at end:at model:w class:w ii:n bb:n lat_ms:f thp_seq_s:f'],
  ['GEN', 'A', 'time:et ii:n oo:n bb:n tp:n med:f gen:f ttft:f itl:f thp:f'],
  ['GEN', 'C', 'time:et ii:n oo:n bb:n tp:n mad_ttft:f3 mad:f3 med:f gen:f ttft:f itl:f thp:f'],
  ['GEN', 'B', 'time:et ii:n oo:n bb:n tp:n itl_e2e:f1 thp_e2e:f1 med:f gen:f ttft:f itl:f thp:f'],
  [
    'GEN',
    'D',
    'time:et width:n height:n ii:n oo:n bb:n tp:n mad_ttft:f mad_inf:f ttft:f gen:f itl:f thp:f',
  ],
  [
    'GEN',
    'E',
    'begin:at end:at model:w ii:n oo:n bb:n tp:n mad_ttft:f mad_inf:f inf:f gen:f ttft:f itl:f thp:f',
  ],
  ['SETUP', '', 'seconds:f'],
  ['DATASET', '', 'seconds:f'],
  ['DT', '', 'ii:n oo:n bb:n tp:n dt:f'],
  ['OLD', '', 'ii:n oo:n bb:n tp:n dt:f itl:f thp:f'],
  [
    'OUT',
    '',
    'ii:n oo:n bb:n tp:n rep:n dt:f n_in:f n_out:f arrival:f last_tok:f first_sched:f first_tok:f queue:f finished:f sched:f',
  ],
]

/** Keywords whose rest is text; of `ENV` and `EXP` only the name is kept, since values may be secrets. */
const textKeywords = ['ARG', 'TXT', 'TOK', 'POS']
const nameKeywords = ['ENV', 'EXP']

const types: Readonly<Record<string, RegExp>> = {
  n: /^\d{1,15}$/,
  at: /^\d{1,12}\.\d{9}$/,
  et: /^\d{8}-\d{6}\.\d{6}$/,
  f: /^(?:-?\d{1,15}(?:\.\d{1,15})?|nan|-?inf)$/,
  f1: /^(?:-?\d{1,15}\.\d|nan|-?inf)$/,
  f3: /^(?:-?\d{1,15}\.\d{3}|nan|-?inf)$/,
  w: /^[^|]\S*$/,
}

interface Field {
  /** Absent for a word that stands for itself. */
  readonly name?: string
  readonly pattern: RegExp
  readonly isFigure: boolean
}

const escape = (text: string) => text.replace(/[|]/g, '\\$&')

function fieldOf(text: string): Field {
  const [name = '', type = ''] = text.split(':')
  const pattern = types[type]
  if (name === '' || pattern === undefined) {
    return { pattern: new RegExp(`^${escape(text)}$`), isFigure: false }
  }
  return { name, pattern, isFigure: type !== 'et' && type !== 'w' }
}

const table = forms.map(([keyword, variant, fields]) => ({
  keyword,
  variant,
  fields: fields.split(' ').map(fieldOf),
}))

/** `nan` and `inf` as Python writes them. */
function figureOf(text: string): number {
  if (text === 'nan') return NaN
  if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

/** What a line is: undefined when it is not fmwork’s; a reason when it should be, but fits no variant. */
export function parseFmworkLine(
  text: string,
): FmworkLine | { readonly malformed: string } | undefined {
  if (!text.startsWith('FMWORK ')) return undefined
  const [, keyword = '', ...values] = text.trimEnd().split(/ +/)
  const rest = text.trimEnd().slice(`FMWORK ${keyword}`.length).trim()
  if (textKeywords.includes(keyword)) return lineOf(keyword, { text: rest })
  if (nameKeywords.includes(keyword)) return lineOf(keyword, { name: rest.split('=', 1)[0] ?? '' })
  const sameKeyword = table.filter((form) => form.keyword === keyword)
  if (sameKeyword.length === 0) return { malformed: `no such keyword: ${keyword.slice(0, 40)}` }
  const form = sameKeyword.find(
    ({ fields }) =>
      fields.length === values.length &&
      fields.every(({ pattern }, index) => pattern.test(values[index] ?? '')),
  )
  if (form === undefined) {
    return { malformed: `${keyword} with ${values.length} values fits none of its variants` }
  }
  const figures: Record<string, number> = {}
  const words: Record<string, string> = {}
  form.fields.forEach(({ name, isFigure }, index) => {
    const value = values[index] ?? ''
    if (name === undefined) return
    if (isFigure) figures[name] = figureOf(value)
    else words[name] = value
  })
  return {
    keyword,
    ...(form.variant === '' ? {} : { variant: form.variant }),
    figures,
    words,
    notFinite: Object.keys(figures).filter((name) => !Number.isFinite(figures[name])),
  }
}

const lineOf = (keyword: string, words: Readonly<Record<string, string>>): FmworkLine => ({
  keyword,
  figures: {},
  words,
  notFinite: [],
})
