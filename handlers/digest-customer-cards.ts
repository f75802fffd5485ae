import type { CustomersBrief, NamedAccount } from '../blocks/digest-customers.ts'
import type { Account } from '../src/canon/account.ts'
import type { CustomerDigest } from '../src/canon/digest-customers.ts'
import type { NudgeKind } from '../src/canon/nudge.ts'
import type { Report } from '../src/canon/report.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import type { EaselDesk } from './desk.ts'
import { drawn } from './drawing.ts'
import { accountSubject } from './health-assess.ts'
import { nudgeSeen } from './nudge-lines.ts'
import { nudgeSubject } from './nudge-tell.ts'

/**
 * The customers' part of a digest as its audience may see it, with the drawings its buttons stand on: in a channel the
 * accounts of the team's own CSMs alone are named, for a person those they may see.
 */
export async function briefOfCustomers(
  report: Report,
  digest: CustomerDigest,
  of: { readonly team?: string },
  desk: EaselDesk,
): Promise<{ readonly brief: CustomersBrief; readonly drawings: readonly Drawing[] }> {
  const { company, now, org, policy, store, viewer } = desk
  const sees = (account: Account): boolean =>
    viewer
      ? may(viewer, 'account.see', { account }, org)
      : account.csm !== undefined && org.people.get(account.csm)?.team === of.team
  const drawings: Drawing[] = []
  const draw = (drawing: Drawing): string => {
    drawings.push(drawing)
    return drawing.id
  }
  const renewals = new Map(digest.next.map((renewal) => [renewal.account, renewal]))
  const rows = new Set([...digest.critical.map(({ account }) => account), ...renewals.keys()])
  const accounts: Record<string, NamedAccount> = {}
  for (const id of new Set([...rows, ...digest.expansions])) {
    const account = await store.account(company, id)
    if (!account || !sees(account)) continue
    if (!rows.has(id)) {
      accounts[id] = { name: account.name, drawing: '' }
      continue
    }
    const nudges = await store.openNudgesOn(company, { noun: 'account', id })
    const later = (kind: NudgeKind): string | undefined => {
      const nudge = nudges.find((each) => each.kind === kind && each.status === 'open')
      if (!nudge) return undefined
      const shown = { ...nudgeSeen(nudge), report: report.id }
      return draw({ ...drawn(desk, nudgeSubject(nudge.id), nudge.version), shown })
    }
    const health = later('health-red')
    const renewal = later('renewal')
    const { renewalOn, milestone } = renewals.get(id) ?? {}
    const shown = {
      ...(renewalOn === undefined ? {} : { renewalOn }),
      ...(milestone === undefined ? {} : { milestone }),
    }
    accounts[id] = {
      name: account.name,
      drawing: draw({ ...drawn(desk, accountSubject(id)), shown }),
      ...(health ? { health } : {}),
      ...(renewal ? { renewal } : {}),
      ...(nudges.some(
        ({ kind, status }) => kind === 'health-red' && (status === 'snoozed' || status === 'muted'),
      )
        ? { snoozed: true as const }
        : {}),
    }
  }
  const people = [
    ...digest.csms.map(({ person }) => person),
    ...digest.critical.map(({ csm }) => csm),
    ...digest.next.flatMap(({ csm }) => (csm === undefined ? [] : [csm])),
  ]
  const brief: CustomersBrief = {
    digest,
    ...(of.team === undefined ? {} : { team: org.teams.get(of.team)?.name ?? of.team }),
    names: Object.fromEntries(
      people.flatMap((id) => {
        const name = org.people.get(id)?.name
        return name ? [[id, name]] : []
      }),
    ),
    accounts,
    milestoneDays: policy.health.renewalDays,
    snoozeDays: policy.nudges.snoozeDays,
    inChannel: 'channel' in desk.audience,
    now,
  }
  return { brief, drawings }
}
