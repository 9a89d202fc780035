import { errorSentences, translator } from '../../../src-shared/language/translate.ts';
import { leaveReasonSentence } from '../../../src-shared/world/handoff-sentence.ts';
import type { HandoffStep } from '../../../src-shared/world/handoff.ts';
import { say } from '../../../src-shared/world/sentence.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { factWords, sides, stepWords } from './fact-words.ts';
import { stepPicture } from './picture.ts';
import type { HandoffReport } from './report.ts';
import { milliseconds, plain } from './words.ts';

const english = translator('en');

const titles: Record<HandoffReport['kind'], string> = {
  departure: 'Departure',
  loss: 'Loss of the edge',
  return: 'Return',
};
const outcomes: Record<HandoffReport['outcome'], string> = {
  offline: 'the edge is offline, its traffic on the core',
  serving: 'the edge serves again',
  lost: 'the edge is lost, its traffic on the core',
  cancelled: 'cancelled',
  held: 'held',
  failed: 'failed',
};

/** One line: what history says of it. */
export function reportSentence(report: HandoffReport): string {
  const { kind, outcome, elapsedMs, moved, cutCount, noPeer } = report;
  const told = [
    `${kind} ${outcome} after ${milliseconds(elapsedMs)}`,
    ...(moved === null ? [] : [`${moved} requests moved`]),
    `${cutCount} cut`,
    ...(noPeer ? ['no peer'] : []),
  ];
  return told.join(', ');
}

/**
 * A report as Markdown: what happened, a picture of its steps in time, the table of steps with their limits, requests,
 * what was cut, and the evidence for each decision. Times are UTC. Everything that came from outside is made harmless.
 *
 * @param id of the history record
 */
export function reportMarkdown(report: HandoffReport, id: string): string {
  const planned = report.planned ? '' : ' (unplanned)';
  const blocks = [
    `# ${titles[report.kind]}${planned}: ${outcomes[report.outcome]}`,
    inShort(report),
    summary(report, id),
    ...(report.steps.length === 0 ? [] : [`\`\`\`text\n${stepPicture(report)}\n\`\`\``]),
    ...(report.steps.length === 0 ? [] : [`## Steps\n\n${stepTable(report.steps)}`]),
    `## Requests\n\n${requestTable(report)}`,
    ...cutBlock(report),
    ...evidenceBlock(report),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What an owner asks first: how long, and whether anybody noticed. */
function inShort({ kind, elapsedMs, moved, requests, cutCount, resent }: HandoffReport): string {
  const told = [
    requests === null ? 'how many requests failed is unknown' : countOf(requests.failed, 'failed'),
    countOf(cutCount, 'was cut', 'were cut'),
    ...(moved === null || kind === 'return' ? [] : [`${moved} went to the core instead of the edge`]),
    ...(resent > 0 ? [countOf(resent, 'was sent again', 'were sent again')] : []),
  ];
  return `It took ${milliseconds(elapsedMs)}: ${told.join(', ')}.`;
}

function countOf(count: number, one: string, more = one): string {
  if (count === 0) return `no request ${one}`;
  return count === 1 ? `1 request ${one}` : `${count} requests ${more}`;
}

function summary(report: HandoffReport, id: string): string {
  const { reasons, deadlineMs, sharesBefore, sharesAfter, problem, noPeer } = report;
  const speaking = { t: english, now: new Date(report.startedAt) };
  const reason = reasons
    .map(
      (one) => plain(say(leaveReasonSentence(one), speaking)) + (one.level === 'forced' ? ' (forced)' : ''),
    )
    .join('; ');
  const rows: (readonly [string, string] | null)[] = [
    ['Record', `\`${plain(id)}\``],
    ['Began', report.startedAt],
    ['Took', milliseconds(report.elapsedMs)],
    deadlineMs === null ? null : ['Deadline', milliseconds(deadlineMs)],
    reason === '' ? null : ['Because of', reason],
    ['Core / edge before', sharesText(sharesBefore)],
    ['Core / edge after', sharesText(sharesAfter)],
    noPeer ? ['No peer', 'nobody proved anything on the core: the edge left alone'] : null,
    ...(problem === null ? [] : problemRows(problem)),
  ];
  return table(
    ['', ''],
    rows.filter((row) => row !== null),
  );
}

function problemRows({ code, params }: NonNullable<HandoffReport['problem']>): [string, string][] {
  const { message, hint } = errorSentences({ code, params: { ...sides, ...params } }, english);
  return [
    ['Problem', plain(message)],
    ['What to do', plain(hint)],
  ];
}

function sharesText(shares: Shares | null): string {
  return shares === null ? 'unknown' : `${shares.core} % / ${shares.edge} %`;
}

function stepTable(steps: readonly HandoffStep[]): string {
  return table(
    ['Step', 'What it is for', 'Outcome', 'Took', 'Limit', 'Measured'],
    steps.map(({ step, outcome, elapsedMs, limitMs, facts }) => [
      step,
      stepWords(step),
      outcome,
      elapsedMs === null ? 'still runs' : milliseconds(elapsedMs),
      limitMs === null ? '' : milliseconds(limitMs),
      plain(factWords(facts)),
    ]),
  );
}

function requestTable({ requests, moved, cutCount, resent }: HandoffReport): string {
  const number = (value: number | null | undefined): string => (value == null ? 'unknown' : String(value));
  return table(
    ['', ''],
    [
      ['All, meanwhile', number(requests?.total)],
      ['of them to the core', number(requests?.core)],
      ['of them to the edge', number(requests?.edge)],
      ['Moved from the edge to the core', number(moved)],
      ['Retried on the other side', number(requests?.retried)],
      ['Sent again at a death', number(resent)],
      ['Cut', number(cutCount)],
      ['Failed', number(requests?.failed)],
      ['Probes of our own', number(requests?.probes)],
    ],
  );
}

function cutBlock({ cut, cutCount }: HandoffReport): string[] {
  if (cutCount === 0) return [];
  const rows = cut.map(({ method, path, ageMs }) => [plain(method), plain(path), milliseconds(ageMs)]);
  const rest = cutCount - cut.length;
  const more = rest > 0 ? `\n\nAnd ${rest} more.` : '';
  return [`## Cut\n\n${table(['Method', 'Path', 'Age'], rows)}${more}`];
}

function evidenceBlock({ evidence, startedAt }: HandoffReport): string[] {
  if (evidence.length === 0) return [];
  const beganMs = Date.parse(startedAt);
  const rows = evidence.map(({ at, what, facts }) => [
    `+${milliseconds(Math.max(0, Date.parse(at) - beganMs))}`,
    plain(what),
    plain(factWords(facts)),
  ]);
  return [`## Evidence\n\n${table(['At', 'What', 'Seen'], rows)}`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
