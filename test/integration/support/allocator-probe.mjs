import koffi from 'koffi'
import { calmAllocator } from '../../../dist/coordinator/calm-allocator.js'

/**
 * Prints whether the allocator was told to give back, and how many buffers are mapped on their own when
 * one as large was freed before: after that glibc, left to itself, maps none of that size any more.
 */
const log = { debug: () => undefined }
const told = await calmAllocator({ log })

const libc = koffi.load('libc.so.6')
const take = libc.func('void *malloc(size_t bytes)')
const giveBack = libc.func('void free(void *memory)')
const counts = ['arena', 'ordblks', 'smblks', 'hblks', 'hblkhd', 'usmblks', 'fsmblks', 'uordblks']
koffi.struct(
  'mallinfo',
  Object.fromEntries([...counts, 'fordblks', 'keepcost'].map((name) => [name, 'int'])),
)
const mallinfo = libc.func('mallinfo mallinfo()')

const bytes = 4 * 2 ** 20
giveBack(take(bytes))
const before = mallinfo().hblks
take(bytes)
console.log(JSON.stringify({ told, mapped: mallinfo().hblks - before }))
