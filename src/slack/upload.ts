import type { WebClient } from '@slack/web-api'
import { isLoopback } from './respond.ts'

/** An upload that Slack did not take; nothing was posted anywhere. */
class UploadFailed extends Error {}

/** Where the bytes may go: Slack's own host, or the local Slack that stands in for it. The address comes from outside. */
function mayUploadTo(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const target = new URL(url)
  if (target.username || target.password) return false
  if (target.protocol === 'https:' && /^([\w-]+\.)?slack\.com$/.test(target.hostname)) return true
  return isLoopback(apiUrl) && target.origin === new URL(apiUrl).origin
}

/**
 * Uploads a file in Slack's three steps and answers its id. Without `channel` nobody but the bot sees it until a
 * message of ours shows it; with one it is posted there. Throws what the SDK throws; nothing is tried twice.
 */
export async function upload(
  client: WebClient,
  apiUrl: string,
  file: {
    readonly name: string
    readonly bytes: Uint8Array
    readonly title: string
    readonly channel?: string
    readonly comment?: string
  },
): Promise<string> {
  const place = await client.files.getUploadURLExternal({ filename: file.name, length: file.bytes.length })
  const { upload_url: url, file_id: id } = place
  if (!url || !id || !mayUploadTo(url, apiUrl)) throw new UploadFailed('Slack gave no address to upload to')
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
    headers: { 'content-type': 'application/octet-stream' },
    body: file.bytes as Uint8Array<ArrayBuffer>,
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new UploadFailed(`Slack answered ${answer.status} to the upload`)
  await client.files.completeUploadExternal({
    files: [{ id, title: file.title }],
    ...(file.channel
      ? { channel_id: file.channel, ...(file.comment ? { initial_comment: file.comment } : {}) }
      : {}),
  } as Parameters<WebClient['files']['completeUploadExternal']>[0])
  return id
}

/** Between looks, ms: files are scanned after the upload, which takes a second or two (slackapi/java-slack-sdk#1349). */
const looks = [200, 300, 500, 700, 1_000, 1_000, 1_500, 1_500]

/**
 * Waits until a message may show the file: before, Slack refuses the message with “invalid slack file”. It says so
 * only by the file's type, which is empty until then. False: not within about seven seconds.
 */
export async function usable(client: WebClient, id: string): Promise<boolean> {
  for (const pause of looks) {
    const { file } = await client.files.info({ file: id })
    if (file?.mimetype) return true
    await new Promise((resolve) => setTimeout(resolve, pause).unref())
  }
  return false
}
