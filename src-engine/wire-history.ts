import { openHistory, type HistoryRoom } from './history/history-room.ts';
import type { Platform } from './platform/platform.ts';

export function wireHistory(platform: Platform): HistoryRoom {
  return openHistory(platform.home.history, platform.clock, platform.log('engine'));
}
