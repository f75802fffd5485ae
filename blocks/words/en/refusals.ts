export const refusals = {
  'refusal.own-request':
    'Nobody approves their own request, so nothing was decided. It waits for somebody else on the route.',
  'refusal.not-your-step': 'This is not yours to decide at the moment. Nothing was changed.',
  'refusal.not-your-step.waiting':
    'This is not yours to decide: it waits for {{names}}. Nothing was changed.',
  'refusal.approved-earlier-rung':
    'You already approved an earlier step, and each step needs another person. Your approval is kept.',
  'refusal.already-decided-by-you.approve':
    'You already approved this ({{at}}). Your approval counts once and is kept.',
  'refusal.already-decided-by-you.reject': 'You already rejected this ({{at}}). Your decision is kept.',
  'refusal.already-decided-by-you.counter':
    'You already made a counter-offer ({{at}}). It is kept and waits for the requester.',
  'refusal.already-settled': 'This request is already {{status}}. Nothing was changed.',
  'refusal.already-settled.at': 'This request is already {{status}} ({{at}}). Nothing was changed.',
  'refusal.already-settled.by': 'This request is already {{status}} ({{name}}, {{at}}). Nothing was changed.',
  'refusal.moved-on':
    'The request has moved on since this was shown to you, so nothing was decided. Look at the card as it is now, then decide.',
  'refusal.expired': 'This request expired on {{at}}, so nothing was decided. The requester can ask again.',
  'refusal.deal-closed':
    'The deal is already closed ({{stage}}), so nothing was changed. Reopen it first if it is still alive.',
  'refusal.stage-too-early':
    'The deal is at {{stage}}; discounts can be asked for from {{needed}} on. Move the deal forward first.',
  'refusal.missing-approver':
    'Nobody in the line holds the role {{role}}, so this could not be decided. Ask Sales Ops to fill it, then try again.',
  'refusal.over-your-authority':
    'You may decide up to {{limit}}, and this is more. Nothing was changed; it waits for somebody with the authority.',
  'refusal.counter-not-lower':
    'A counter-offer has to be lower than the {{asked}} asked for. Type a smaller number.',
  'refusal.no-counter-open': 'There is no counter-offer to answer any more. Nothing was changed.',
  'refusal.not-the-requester': 'Only the person who asked can do this. Nothing was changed.',
  'refusal.not-allowed':
    'You don’t have the right to do this, so nothing was changed. An administrator or Sales Ops can help.',
  'refusal.not-found': 'Nothing you may see matches “{{what}}”. Check the name, or search for part of it.',
  'refusal.not-found.deal': 'This deal was not found among those you may see. Choose one from the list.',
  'refusal.not-found.discount': 'This request was not found among those you may see. Look in /approvals.',
  'refusal.not-found.person': 'This person was not found. Choose somebody from the list.',
  'refusal.not-found.drawing':
    'This card is out of date. Nothing was changed; open it again from /approvals.',
  'refusal.not-found.company': 'This company was not found. Nothing was changed.',
  'refusal.not-linked':
    'Your chat account is not linked to anybody yet, so nothing was done. Type /dealdesk link.',
  'refusal.not-bound':
    'This workspace is not connected to a company yet, so nothing was done. The person who runs Dealdesk can connect it.',
  'refusal.outsider': 'Only full members of this workspace can do this. Nothing was changed.',
  'refusal.inactive':
    'Your account here is no longer active, so nothing was done. An administrator can activate it again.',
  'refusal.list-amount-missing': 'The deal has no list price. Type it here and it is saved with the request.',
  'refusal.reason-missing': 'Please write a reason. Those who read it decide faster.',
  'refusal.justification-missing':
    'Over {{over}} is an exception and needs a written justification. Everything else you typed is kept.',
  'refusal.discount-out-of-range': 'A discount is more than 0% and at most 100%. Please correct the number.',
  'refusal.not-a-percent':
    '“{{text}}” is not a percentage. Type a number with at most two decimals, such as 12.5.',
  'refusal.not-an-amount': '“{{text}}” is not an amount in {{currency}}. Type digits only, such as 12,500.',
  'refusal.text-missing': 'Please write something first. Nothing has been sent.',
  'refusal.dates-out-of-order': 'The last day is before the first. Please correct one of them.',
  'refusal.unfit-approver.inactive': '{{name}} is no longer active here. Choose somebody else.',
  'refusal.unfit-approver.requester':
    '{{name}} asked for this discount and can’t decide on it. Choose somebody else.',
  'refusal.unfit-approver.authority':
    '{{name}} has no authority at the level {{role}}. Choose somebody who has.',
  'refusal.unfit-approver.already-involved':
    '{{name}} already decides in another step of this request. Choose somebody else.',
  'refusal.bad-date': '“{{text}}” is not a day that can be used here. Choose one in the calendar.',
  'refusal.delegation-loop':
    'That person’s decisions come back to you in the same days, so it was not saved. Choose somebody else.',
  'refusal.delegate-is-self': 'You can’t decide for yourself while you are away. Choose somebody else.',
  'refusal.out-of-date': 'This form or card is out of date, so nothing was changed. Open it again.',
  'refusal.too-many_one': 'That was a lot at once. Nothing is lost: try again in {{count}} second.',
  'refusal.too-many_other': 'That was a lot at once. Nothing is lost: try again in {{count}} seconds.',
  'refusal.same-key-other-body':
    'The same message came twice with different contents, so the second was not used. The first is kept.',
  'refusal.unknown-button':
    'This button is from an older version, so nothing was done. The card is being redrawn; press the new one.',
  'refusal.policy-invalid': 'The policy was not saved: {{at}}: {{why}}. The previous version stays in force.',
} as const
