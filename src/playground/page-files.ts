import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

const fences = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: https: http://127.0.0.1:* http://localhost:*; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/** Serves the built page; `index.html` gets the token of this start. False: there is no such file. */
export async function servePage(
  folder: string,
  path: string,
  token: string,
  response: ServerResponse,
): Promise<boolean> {
  const name = path === '' || path === '/' ? 'index.html' : normalize(path).replace(/^[/\\]+/, '')
  if (name.split(sep).includes('..') || !types[extname(name)]) return false
  let bytes: Buffer
  try {
    bytes = await readFile(join(folder, name))
  } catch {
    if (name !== 'index.html') return false
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('The page of the playground is not built yet: run `npm run build`, then start again.\n')
    return true
  }
  const index = name === 'index.html'
  const body = index
    ? Buffer.from(
        bytes.toString('utf8').replace(/(<meta name="playground-token" content=)(""|'')?/, `$1"${token}"`),
      )
    : bytes
  response.writeHead(200, {
    'content-type': types[extname(name)]!,
    'content-length': body.length,
    // The bundler puts a digest into every other name.
    'cache-control':
      index || !name.startsWith('assets') ? 'no-store' : 'private, max-age=31536000, immutable',
    ...fences,
  })
  response.end(body)
  return true
}
