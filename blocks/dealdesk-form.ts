import { z } from 'zod'
import type { PlainDate } from '../src/canon/calendar.ts'
import { question } from './discount-form.ts'
import { defineForm, type FormView, type Option } from './form.ts'
import type { Words } from './words/index.ts'

export const personAway = defineForm({
  id: 'person.away',
  schema: z.object({
    away_from: z.string().trim().min(1).max(10),
    away_until: z.string().trim().min(1).max(10),
    delegate: z.string().trim().max(200).optional(),
  }),
})
export const personLink = defineForm({
  id: 'person.link',
  schema: z.object({ person: z.string().trim().min(1).max(200), user: z.string().trim().min(1).max(200) }),
})
export const adminGrant = defineForm({
  id: 'admin.grant',
  schema: z.object({ person: z.string().trim().min(1).max(200) }),
})

/** When I am away, and who decides for me meanwhile (대결). */
export function awayForm(
  state: {
    readonly drawing: string
    readonly awayFrom?: PlainDate
    readonly awayUntil?: PlainDate
    readonly delegate?: Option
  },
  w: Words,
): FormView {
  return {
    form: personAway.id,
    title: w.t('form.away.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'note', text: w.say('away.what') },
      question('away_from', { kind: 'date', label: w.t('field.away-from') }, state.awayFrom),
      question(
        'away_until',
        { kind: 'date', label: w.t('field.away-until'), hint: w.t('field.away-until.hint') },
        state.awayUntil,
      ),
      question('delegate', {
        kind: 'search',
        label: w.t('field.delegate'),
        hint: w.t('field.delegate.hint'),
        placeholder: w.t('field.person.placeholder'),
        optional: true,
        chosen: state.delegate,
        minLength: 0,
      }),
    ],
  }
}

/** An administrator says whose a chat account is, where the e-mail address does not tell (B5.10). */
export function linkPersonForm(
  state: { readonly drawing: string; readonly person?: Option },
  w: Words,
): FormView {
  return {
    form: personLink.id,
    title: w.t('form.link.title'),
    submit: w.t('form.link.submit'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'note', text: w.say('form.link.what') },
      question('person', {
        kind: 'search',
        label: w.t('field.person'),
        placeholder: w.t('field.person.placeholder'),
        chosen: state.person,
        minLength: 0,
      }),
      question('user', {
        kind: 'chat-user',
        label: w.t('field.user'),
        hint: w.t('field.user.hint'),
      }),
    ],
  }
}

/** Makes somebody an administrator of the company in chat. */
export function adminGrantForm(
  state: { readonly drawing: string; readonly person?: Option },
  w: Words,
): FormView {
  return {
    form: adminGrant.id,
    title: w.t('form.grant.title'),
    submit: w.t('form.grant.submit'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'note', text: w.say('form.grant.what') },
      question('person', {
        kind: 'search',
        label: w.t('field.person'),
        placeholder: w.t('field.person.placeholder'),
        chosen: state.person,
        minLength: 0,
      }),
    ],
  }
}
