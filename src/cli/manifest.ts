import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { registry } from '../../handlers/index.ts'
import { slackManifestYaml } from '../slack/manifest.ts'
import { teamsPackage } from '../teams/manifest.ts'
import { Refused, type Run, UsageError } from './command.ts'

export const slack: Run = async (given, terminal) => {
  const [url, prefix, out] = [given.text('url'), given.text('prefix'), given.text('out')]
  let yaml: string
  try {
    yaml = slackManifestYaml({
      commands: registry.commands.map((command) => command.name),
      ...(url === undefined ? {} : { url }),
      ...(prefix === undefined ? {} : { prefix }),
      oauth: given.flag('oauth'),
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`)
  }
  if (out === undefined) await terminal.out(yaml)
  else {
    await writeFile(out, yaml).catch((error: NodeJS.ErrnoException) => {
      throw new Refused(`${out} cannot be written (${error.code ?? error.message}).`)
    })
    await terminal.out(
      `Wrote ${out}. Create the app from it at https://api.slack.com/apps (from a manifest).\n`,
    )
  }
  return 0
}

/** The Teams app package: the manifest on standard output, one ZIP, or a folder with every file and the ZIP. */
export const teams: Run = async (given, terminal) => {
  const appId = given.text('app-id') ?? terminal.env.MicrosoftAppId
  const url = given.text('url') ?? terminal.env.PUBLIC_URL
  const out = given.text('out')
  if (!appId) throw new UsageError('Give --app-id (the App ID of your Azure Bot), or set MicrosoftAppId.')
  if (!url) throw new UsageError('Give --url (where the product is reached), or set PUBLIC_URL.')
  let made: ReturnType<typeof teamsPackage>
  try {
    made = teamsPackage({
      commands: registry.commands.map((command) => command.name),
      appId,
      url,
      version: given.text('app-version') ?? '1.0.0',
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`)
  }
  if (out === undefined) {
    await terminal.out(made.files[0]!.content.toString('utf8'))
    return 0
  }
  const archive = out.endsWith('.zip') ? out : join(out, 'dealdesk-teams.zip')
  try {
    if (archive !== out) {
      await mkdir(out, { recursive: true })
      for (const { name, content } of made.files) await writeFile(join(out, name), content)
    }
    await writeFile(archive, made.archive)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Refused(`${out} cannot be written (${code ?? message}).`)
  }
  await terminal.out(
    `Wrote ${archive}. Upload it in Teams: Apps, Manage your apps, Upload an app (docs/teams.md).\n`,
  )
  return 0
}
