import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import iconv from 'iconv-lite'

type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'cp949'

/** A file that was looked at once from end to end: what it is, and the digest it is known by. */
export interface SourceFile {
  readonly path: string
  /** The name without folder, as the mapping and the report call it. */
  readonly name: string
  readonly bytes: number
  readonly encoding: Encoding
  /** Bytes of the byte order mark to leave out. */
  readonly skip: number
  readonly sha256: string
}

/** Why a path or a file cannot be imported at all; a sentence for the person who gave it. */
export class ImportRefusal extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'ImportRefusal'
  }
}

const magic: readonly (readonly [Buffer, string])[] = [
  [Buffer.from([0x50, 0x4b, 0x03, 0x04]), 'a zip or Excel (.xlsx) file'],
  [Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'an old Excel (.xls) file'],
  [Buffer.from([0x1f, 0x8b]), 'a gzip file'],
  [Buffer.from('%PDF'), 'a PDF file'],
]

/** The CSV files behind a path: the file itself, or every .csv of a folder, sorted by name. */
export async function listFiles(path: string): Promise<string[]> {
  const full = resolve(path)
  const info = await stat(full).catch(() => undefined)
  if (!info) throw new ImportRefusal(`There is no file or folder at ${path}.`)
  if (info.isFile()) return [full]
  const names = (await readdir(full)).filter((name) => extname(name).toLowerCase() === '.csv').sort()
  if (names.length === 0) throw new ImportRefusal(`The folder ${path} holds no .csv files.`)
  return names.map((name) => join(full, name))
}

/**
 * Reads a file once for its digest and its encoding, in constant memory. UTF-8 is decided over the whole
 * file: the first Korean name of a CP949 export may stand on its last line (B5.94).
 */
export async function inspect(path: string): Promise<SourceFile> {
  const name = basename(path)
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new ImportRefusal(`${name} cannot be opened (${cause.code ?? cause.message}).`)
  })
  const head = Buffer.alloc(4096)
  const { bytesRead } = await handle.read(head, 0, head.length, 0)
  await handle.close()
  const start = head.subarray(0, bytesRead)
  for (const [bytes, what] of magic)
    if (start.subarray(0, bytes.length).equals(bytes))
      throw new ImportRefusal(`${name} is ${what}, not CSV. Open it and save it as CSV (UTF-8).`)

  const digest = createHash('sha256')
  let bytes = 0
  let valid = true
  let carry: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    digest.update(chunk)
    bytes += chunk.length
    if (!valid) continue
    const joined = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
    const whole = joined.length - unfinished(joined)
    valid = isUtf8(joined.subarray(0, whole))
    carry = Buffer.from(joined.subarray(whole))
  }
  if (bytes === 0) throw new ImportRefusal(`${name} is empty. It needs a header line with the column names.`)
  return {
    path,
    name,
    bytes,
    sha256: digest.digest('hex'),
    ...encodingOf(start, valid && carry.length === 0),
  }
}

/** How many bytes at the end begin a UTF-8 character that the next chunk finishes. */
function unfinished(buffer: Buffer): number {
  for (let back = 1; back <= Math.min(3, buffer.length); back++) {
    const byte = buffer[buffer.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}

function encodingOf(start: Buffer, utf8: boolean): { encoding: Encoding; skip: number } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'utf8', skip: 3 }
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf16le', skip: 2 }
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf16be', skip: 2 }
  // Without a mark: a header is mostly ASCII, so in UTF-16 every other byte of it is zero.
  let even = 0
  let odd = 0
  for (let i = 0; i < start.length; i++) if (start[i] === 0) i % 2 === 0 ? even++ : odd++
  if (odd > start.length / 4 && even < odd / 4) return { encoding: 'utf16le', skip: 0 }
  if (even > start.length / 4 && odd < even / 4) return { encoding: 'utf16be', skip: 0 }
  return { encoding: utf8 ? 'utf8' : 'cp949', skip: 0 }
}

/** The file's text as a stream of UTF-8. A byte that its encoding does not know ends the stream with a sentence. */
export function readText(file: SourceFile): Readable {
  const raw = createReadStream(file.path, { start: file.skip, highWaterMark: 1 << 17 })
  if (file.encoding === 'utf8') return raw
  const decoder = iconv.getDecoder(file.encoding === 'utf16be' ? 'utf-16be' : file.encoding)
  const check = (text: string): string => {
    if (text.includes('\uFFFD'))
      throw new ImportRefusal(
        `${file.name} is not readable as UTF-8, UTF-16 or CP949. Save it as CSV (UTF-8) and try again.`,
      )
    return text
  }
  const decoded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        done(null, check(decoder.write(chunk)))
      } catch (cause) {
        done(cause as Error)
      }
    },
    flush(done) {
      try {
        done(null, check(decoder.end() ?? ''))
      } catch (cause) {
        done(cause as Error)
      }
    },
  })
  raw.on('error', (cause) => decoded.destroy(cause))
  return raw.pipe(decoded)
}
