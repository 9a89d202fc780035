import { openHistory, type HistoryRoom } from './history/history-room.ts';
import { reportMarkdown } from './handoff/report/markdown.ts';
import { reportOf } from './handoff/report/report-of.ts';
import type { Platform } from './platform/platform.ts';

/** History, and the pages that hand-off makes of its own records. */
export function wireHistory(platform: Platform): HistoryRoom {
  return openHistory(platform.home.history, platform.clock, platform.log('engine'), (record) => {
    const report = reportOf(record);
    return report === null ? null : reportMarkdown(report, record.id);
  });
}
