import type { IncomingMessage, ServerResponse } from 'node:http'
import { settle } from './api/index.ts'
import type { Core } from './core.ts'
import { redact, shownHeaders } from './traffic.ts'

/** Files a workspace keeps here; the oldest go, so that a long rehearsal stays small. */
const most = 120

/** An upload takes 10 MB here; Slack takes more. */
const bytesMost = 10_000_000

/** Answers `POST <upload address>`. */
export async function answerUpload(
  core: Core,
  ticket: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const expected = core.uploads.get(ticket)
  const where = expected ? { workspace: expected.workspace } : {}
  const fault = core.faults.strike({ on: 'api', methods: ['files.upload'], ...where })
  const exchange = core.traffic.open({
    direction: 'from-app',
    what: 'files.upload',
    ...where,
    ...(fault === undefined ? {} : { fault: fault.id }),
    request: {
      method: incoming.method ?? 'POST',
      path: '/upload/v1/…',
      headers: shownHeaders(incoming.headers),
      body: redact(`(${expected?.name ?? 'a file'}, ${incoming.headers['content-length'] ?? '?'} bytes)`),
    },
  })
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= bytesMost) parts.push(part)
  }
  await settle(core, exchange, fault, response, () => {
    if (!expected) return { status: 404, text: 'upload_url_expired' }
    const bytes = Buffer.concat(parts)
    if (size !== expected.length || size > bytesMost)
      return { status: 400, text: `length mismatch: ${expected.length} announced, ${size} came` }
    core.uploads.delete(ticket)
    const workspace = core.workspace(expected.workspace)
    workspace.files ??= {}
    workspace.files[expected.id] = {
      id: expected.id,
      name: expected.name,
      title: expected.name,
      mimetype: typeOf(bytes, expected.name),
      user: workspace.botUser,
      size,
      content: bytes.toString('base64'),
      created: core.settings.now(),
    }
    const ids = Object.keys(workspace.files)
    for (const id of ids.slice(0, Math.max(0, ids.length - most))) delete workspace.files[id]
    return { status: 200, text: `OK - ${size}` }
  })
}

/** By what is in it, as Slack finds out, and not by what it is called. */
function typeOf(bytes: Buffer, name: string): string {
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])))
    return 'image/png'
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  if (bytes.subarray(0, 4).toString('latin1') === 'GIF8') return 'image/gif'
  return name.endsWith('.csv') ? 'text/csv' : 'application/octet-stream'
}
