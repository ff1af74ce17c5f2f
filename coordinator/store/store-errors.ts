import { FmworkError } from '../../shared/domain/errors.js'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/**
 * What SQLite or the file system says, as a row of the error table. Anything that is not a known
 * condition of the disk is thrown on as it is: it is a fault of ours.
 *
 * @param subject the file or folder, named in the message.
 */
export function storeError(error: unknown, subject: string): unknown {
  if (error instanceof FmworkError) return error
  const code = codeOf(error)
  const told = (row: 'DISK_FULL' | 'STORE_CORRUPT' | 'DATA_FOLDER_UNWRITABLE') =>
    new FmworkError(row, `${subject}: ${messageOf(error)} (${code})`, { cause: error })
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return told('DISK_FULL')
  // Lack of room for the write-ahead log or its index shows as a failed write.
  if (code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_SHMSIZE') return told('DISK_FULL')
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return told('STORE_CORRUPT')
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return told('DATA_FOLDER_UNWRITABLE')
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(code)) {
    return told('DATA_FOLDER_UNWRITABLE')
  }
  return error
}

/** Runs `work`, turning what goes wrong into the project’s errors. */
export function guarded<T>(subject: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, subject)
  }
}
