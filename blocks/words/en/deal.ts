export const deal = {
  'deal.summary': '{{deal}} · {{stage}}',
  'deal.closed-on': '{{stage}} · {{day}}',
  'deal.in-stage_one': '{{count}} day in this stage',
  'deal.in-stage_other': '{{count}} days in this stage',
  'deal.flagged':
    'The list price or amount changed after the discount was approved. Please have it looked at again.',
  'deal.required': 'This stage asks for: {{fields}}',
  'deal.requests': 'Discount requests',
  'choices.which': 'Several deals match “{{query}}”. Which one did you mean?',
  'choices.none': 'No deal of yours matches “{{query}}”.',
  'choices.hint': 'Try part of the deal’s or the account’s name, or the deal’s id.',
} as const
