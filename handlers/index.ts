import { personAway } from '../blocks/dealdesk-form.ts'
import { discountRequest } from '../blocks/discount-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { activityEntry, openActivity } from './activity.ts'
import { showApprovals } from './approvals.ts'
import { grantEntry, linkEntry, openGrantForm, openLinkForm, settleDelivery, showAdmin } from './company.ts'
import { openDeal, showDeal } from './deal.ts'
import { dealCardEntries } from './deal-cards.ts'
import { closeDateEntry, meddiccEntry, openCloseDate, openMeddicc } from './deal-edit.ts'
import { dealdeskCommand, openHelp } from './dealdesk.ts'
import type { CommandEntry, Handler, Registry } from './desk.ts'
import { digestCardEntries, openDigestDetails, snoozeRisk } from './digest-cards.ts'
import { discountCardEntries } from './discount-cards.ts'
import {
  acceptCounter,
  answerEntry,
  approve,
  askEntry,
  counterEntry,
  declineCounter,
  openAnswer,
  openAsk,
  openCounter,
  openDiscount,
  openReassign,
  openReject,
  openWithdraw,
  reassignEntry,
  rejectEntry,
  replyInThread,
  withdrawEntry,
} from './discount-decide.ts'
import {
  changeDiscount,
  searchDeal,
  startDiscount,
  startFromDeal,
  submitDiscount,
} from './discount-request.ts'
import { handoffStartEntry, openHandoffStart, startHandoff } from './handoff.ts'
import {
  acceptHandoff,
  firstValueEntry,
  kickoffEntry,
  milestoneDone,
  milestoneEntry,
  milestoneUndone,
  openFirstValue,
  openHandoff,
  openHandoffReassign,
  openHandoffWithdraw,
  openKickoff,
  openMilestone,
  openRate,
  openReturn,
  rateEntry,
  reassignHandoffEntry,
  returnEntry,
  withdrawHandoffEntry,
} from './handoff-acts.ts'
import { handoffCardEntries } from './handoff-cards.ts'
import { handoffFormEntry, openHandoffEdit } from './handoff-send.ts'
import { openHealth, openHealthList, showHealth } from './health.ts'
import {
  openPlan,
  openReview,
  openSignal,
  planEntry,
  reopen,
  reviewEntry,
  signalEntry,
  sponsorAsked,
  sponsorEntry,
} from './health-acts.ts'
import { showHome } from './home.ts'
import { contactEntry, openContact, openHygiene } from './hygiene.ts'
import { chooseKpi, exportKpi, openKpi, showKpi } from './kpi.ts'
import { acknowledging, doneNudge, muteEntry, openMute, snoozeNudge, undoNudge } from './nudge-acts.ts'
import { nudgeCardEntries } from './nudge-cards.ts'
import {
  filterNudges,
  noisyEntry,
  noisyNudgesCard,
  openPreferences,
  preferencesEntry,
  showList,
  showNudges,
  showUsefulness,
} from './nudge-list.ts'
import {
  backAgain,
  chooseLanguage,
  choosePlatform,
  openAway,
  searchPerson,
  showLink,
  showSettings,
  submitAway,
} from './person.ts'

import { personChangedCard, personChangedEntry } from './person-changed.ts'
import {
  exportPipeline,
  forecastBy,
  forecastQuarter,
  openForecast,
  openPipeline,
  pipelineBy,
  showForecast,
  showPipeline,
} from './pipeline.ts'
import { openPolicyForm, policyEntry, showPolicy } from './policy.ts'
import {
  agreementEntry,
  copyEntry,
  openAgreement,
  openCopy,
  removeAgreement,
  removeCopy,
} from './policy-group.ts'
import { exportPortfolio } from './portfolio.ts'
import { openQbr, qbrEntry } from './qbr.ts'
import {
  openOutcome,
  openRenewalMilestone,
  outcomeEntry,
  renewalCardEntries,
  renewalMilestoneEntry,
  takeBackMilestone,
  takeBackOutcome,
} from './renewal-acts.ts'
import { openRenewal, openRenewals, showRenewals } from './renewals.ts'
import { openStage, stageEntry, startStage } from './stage.ts'
import { summaryCardEntries } from './summary-cards.ts'
import { undeliveredCard, undeliveredEntry } from './undelivered.ts'

const commands: readonly CommandEntry[] = [
  { name: 'approve-discount', handle: startDiscount },
  { name: 'approvals', handle: showApprovals },
  { name: 'deal', handle: showDeal },
  { name: 'stage', handle: startStage },
  { name: 'handoff', handle: startHandoff },
  { name: 'pipeline', handle: showPipeline },
  { name: 'forecast', handle: showForecast },
  { name: 'kpi', handle: showKpi },
  { name: 'health', handle: showHealth },
  { name: 'renewals', handle: showRenewals },
  { name: 'nudges', handle: showNudges },
  { name: 'dealdesk', handle: dealdeskCommand(() => commands) },
]

/** Words to the bot itself: in a thread under a card they belong to that record, in the DM they get help. */
const message: Handler<'message'> = async (gesture, desk) => {
  if (gesture.place.thread) return replyInThread(gesture, desk)
  if (gesture.place.kind !== 'dm') return { reply: { kind: 'nothing' } }
  // Teams has no threads in chats, and its commands are words.
  const hint = gesture.platform === 'teams' ? 'message.hint.flat' : 'message.hint'
  return { reply: { kind: 'say', card: noticeCard(desk.words.t(hint)) } }
}

/** Everything a person can do, by the names that platforms send back: the table of contents of the product. */
export const registry: Registry = {
  commands,
  buttons: acknowledging({
    'discount.approve': { handle: approve, commits: true },
    'discount.reject': { handle: openReject, commits: false },
    'discount.counter': { handle: openCounter, commits: false },
    'discount.ask': { handle: openAsk, commits: false },
    'discount.answer': { handle: openAnswer, commits: false },
    'discount.accept-counter': { handle: acceptCounter, commits: true },
    'discount.decline-counter': { handle: declineCounter, commits: true },
    'discount.withdraw': { handle: openWithdraw, commits: false },
    'discount.reassign': { handle: openReassign, commits: false },
    'discount.open': { handle: openDiscount, commits: false },
    'discount.start': { handle: startFromDeal, commits: false },
    'deal.open': { handle: openDeal, commits: false },
    'deal.meddicc': { handle: openMeddicc, commits: false },
    'deal.close-date': { handle: openCloseDate, commits: false },
    'activity.log': { handle: openActivity, commits: false },
    'hygiene.open': { handle: openHygiene, commits: false },
    'contact.edit': { handle: openContact, commits: false },
    'stage.open': { handle: openStage, commits: false },
    'handoff.start': { handle: openHandoffStart, commits: false },
    'handoff.open': { handle: openHandoff, commits: false },
    'handoff.edit': { handle: openHandoffEdit, commits: false },
    'handoff.accept': { handle: acceptHandoff, commits: true },
    'handoff.return': { handle: openReturn, commits: false },
    'handoff.reassign': { handle: openHandoffReassign, commits: false },
    'handoff.withdraw': { handle: openHandoffWithdraw, commits: false },
    'handoff.kickoff': { handle: openKickoff, commits: false },
    'handoff.rate': { handle: openRate, commits: false },
    'handoff.first-value': { handle: openFirstValue, commits: false },
    'milestone.done': { handle: milestoneDone, commits: true },
    'milestone.undone': { handle: milestoneUndone, commits: true },
    'milestone.edit': { handle: openMilestone, commits: false },
    'health.list': { handle: openHealthList, commits: false },
    'health.open': { handle: openHealth, commits: false },
    'health.signal': { handle: openSignal, commits: false },
    'health.review': { handle: openReview, commits: false },
    'health.plan': { handle: openPlan, commits: false },
    'health.reopen': { handle: reopen, commits: true },
    'renewal.list': { handle: openRenewals, commits: false },
    'renewal.open': { handle: openRenewal, commits: false },
    'renewal.record': { handle: openOutcome, commits: false },
    'renewal.milestone': { handle: openRenewalMilestone, commits: false },
    'renewal.undo': { handle: takeBackOutcome, commits: true },
    'renewal.reopen': { handle: takeBackMilestone, commits: true },
    'qbr.record': { handle: openQbr, commits: false },
    'pipeline.open': { handle: openPipeline, commits: false },
    'pipeline.by': { handle: pipelineBy, commits: false },
    'pipeline.export': { handle: exportPipeline, commits: false },
    'forecast.open': { handle: openForecast, commits: false },
    'forecast.by': { handle: forecastBy, commits: false },
    'forecast.quarter': { handle: forecastQuarter, commits: false },
    'digest.details': { handle: openDigestDetails, commits: false },
    'digest.snooze': { handle: snoozeRisk, commits: true },
    'person.away': { handle: openAway, commits: false },
    'person.back': { handle: backAgain, commits: true },
    'person.language': { handle: chooseLanguage, commits: true },
    'person.platform': { handle: choosePlatform, commits: true },
    'person.settings': { handle: (_gesture, desk) => showSettings(desk), commits: false },
    'person.link': { handle: (_gesture, desk) => showLink(desk), commits: false },
    'person.link-other': { handle: openLinkForm, commits: false },
    'kpi.metric': { handle: chooseKpi('metric'), commits: false },
    'kpi.by': { handle: chooseKpi('by'), commits: false },
    'kpi.period': { handle: chooseKpi('period'), commits: false },
    'kpi.open': { handle: openKpi, commits: false },
    'kpi.export': { handle: exportKpi, commits: false },
    'portfolio.export': { handle: exportPortfolio, commits: false },
    'company.help': { handle: openHelp(() => commands), commits: false },
    'company.admin': { handle: (gesture, desk) => showAdmin(desk, gesture.platform), commits: false },
    'policy.show': { handle: (_gesture, desk) => showPolicy(desk), commits: false },
    'policy.edit': { handle: openPolicyForm, commits: false },
    'agreement.add': { handle: openAgreement, commits: false },
    'agreement.edit': { handle: openAgreement, commits: false },
    'agreement.remove': { handle: removeAgreement, commits: true },
    'copy.add': { handle: openCopy, commits: false },
    'copy.edit': { handle: openCopy, commits: false },
    'copy.remove': { handle: removeCopy, commits: true },
    'admin.grant': { handle: openGrantForm, commits: false },
    'delivery.retry': { handle: settleDelivery('retryDelivery'), commits: false },
    'delivery.dismiss': { handle: settleDelivery('dismissDelivery'), commits: false },
    'nudge.snooze': { handle: snoozeNudge, commits: true },
    'nudge.mute': { handle: openMute, commits: false },
    'nudge.done': { handle: doneNudge, commits: true },
    'nudge.undo': { handle: undoNudge, commits: true },
    'nudge.list-open': { handle: showList('open'), commits: false },
    'nudge.list-snoozed': { handle: showList('snoozed'), commits: false },
    'nudge.list-muted': { handle: showList('muted'), commits: false },
    'nudge.filter': { handle: filterNudges, commits: false },
    'nudge.preferences': { handle: openPreferences, commits: false },
    'nudge.usefulness': { handle: showUsefulness, commits: false },
  }),
  forms: {
    'discount.request': {
      form: discountRequest,
      submit: submitDiscount,
      change: changeDiscount,
      search: { deal: searchDeal },
    },
    'discount.reject': rejectEntry,
    'discount.counter': counterEntry,
    'discount.ask': askEntry,
    'discount.answer': answerEntry,
    'discount.withdraw': withdrawEntry,
    'discount.reassign': reassignEntry,
    'stage.change': stageEntry,
    'deal.meddicc': meddiccEntry,
    'deal.close-date': closeDateEntry,
    'activity.log': activityEntry,
    'contact.update': contactEntry,
    'handoff.start': handoffStartEntry,
    'handoff.sdr-to-ae': handoffFormEntry('sdr-to-ae'),
    'handoff.ae-to-cs': handoffFormEntry('ae-to-cs'),
    'handoff.cs-to-ae': handoffFormEntry('cs-to-ae'),
    'handoff.return': returnEntry,
    'handoff.reassign': reassignHandoffEntry,
    'handoff.withdraw': withdrawHandoffEntry,
    'handoff.kickoff': kickoffEntry,
    'handoff.rate': rateEntry,
    'handoff.milestone': milestoneEntry,
    'handoff.first-value': firstValueEntry,
    'health.signal': signalEntry,
    'health.review': reviewEntry,
    'health.plan': planEntry,
    'renewal.outcome': outcomeEntry,
    'renewal.milestone': renewalMilestoneEntry,
    'qbr.record': qbrEntry,
    'person.away': { form: personAway, submit: submitAway, search: { delegate: searchPerson } },
    'person.link': linkEntry,
    'admin.grant': grantEntry,
    'policy.discount': policyEntry,
    'policy.agreement': agreementEntry,
    'policy.copy': copyEntry,
    'nudge.mute': muteEntry,
    'nudge.preferences': preferencesEntry,
  },
  cards: {
    ...discountCardEntries,
    ...handoffCardEntries,
    ...dealCardEntries,
    ...digestCardEntries,
    ...summaryCardEntries,
    [sponsorAsked]: sponsorEntry,
    ...renewalCardEntries,
    ...nudgeCardEntries,
    [noisyNudgesCard]: noisyEntry,
    [undeliveredCard]: undeliveredEntry,
    [personChangedCard]: personChangedEntry,
  },
  home: showHome,
  message,
}
