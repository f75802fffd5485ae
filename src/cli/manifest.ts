import { writeFile } from 'node:fs/promises'
import { registry } from '../../handlers/index.ts'
import { slackManifestYaml } from '../slack/manifest.ts'
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
