import type { ServerResponse } from 'node:http'
import type { Core } from './core.ts'
import { sendJson } from './http.ts'
import { secret } from './ids.ts'
import type { StoredFile, Workspace } from './world.ts'

/** Between the end of an upload and the moment a message may show it, ms: Slack scans it first. */
export const scanMs = 150

/** An address to upload to, good for one file of the length that was announced. */
export function startUpload(
  core: Core,
  workspace: Workspace,
  name: string,
  length: number,
): [string, string] {
  const ticket = secret(16)
  const id = core.id('F')
  core.uploads.set(ticket, { workspace: workspace.id, id, name, length })
  return [id, `${core.base}/upload/v1/${ticket}`]
}

/** The upload was completed and scanned: only then may a message show it. */
const isUsable = (core: Core, file: StoredFile): boolean =>
  file.completed !== undefined && core.settings.wall() - file.completed >= core.settings.scanMs

/** The file as the Web API tells of it; what the scan finds out is empty until it is through. */
export function fileObject(core: Core, file: StoredFile): Record<string, unknown> {
  const scanned = isUsable(core, file)
  return {
    id: file.id,
    created: Math.floor(file.created / 1000),
    name: file.name,
    title: file.title,
    mimetype: scanned ? file.mimetype : '',
    filetype: scanned ? file.mimetype.split('/')[1] : '',
    user: file.user,
    mode: 'hosted',
    file_access: 'visible',
    size: file.size,
    channels: file.channel === undefined ? [] : [file.channel],
  }
}

/** A picture or file for the page; `false`: there is none. */
export function serveFile(core: Core, id: string, response: ServerResponse): void {
  for (const workspace of Object.values(core.world.workspaces)) {
    const file = workspace.files?.[id]
    if (!file) continue
    const bytes = Buffer.from(file.content, 'base64')
    const shown = file.mimetype.startsWith('image/')
    response.writeHead(200, {
      'content-type': shown ? file.mimetype : 'text/csv; charset=utf-8',
      'content-length': bytes.length,
      'cache-control': 'private, max-age=3600',
      'x-content-type-options': 'nosniff',
      ...(shown
        ? {}
        : { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}` }),
    })
    response.end(bytes)
    return
  }
  sendJson(response, 404, { ok: false, error: 'file_not_found' })
}

/** Which images of these blocks Slack would not show: files that are not there, not the bot's, no picture or not scanned. */
export function unusableImages(core: Core, workspace: Workspace, blocks: readonly unknown[]): string[] {
  const found: string[] = []
  const walk = (value: unknown, at: string): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, `${at}/${index}`)
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value))
        if (name === 'slack_file') {
          const file = workspace.files?.[String((item as { id?: unknown }).id)]
          if (!file?.mimetype.startsWith('image/') || !isUsable(core, file)) found.push(`${at}/slack_file`)
        } else walk(item, `${at}/${name}`)
  }
  walk(blocks, '/blocks')
  return found
}
