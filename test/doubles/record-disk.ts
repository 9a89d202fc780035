import { parseRecord, recordText, type RecordStore } from '../../src-engine/handoff/keeper/record.ts';

/** A disk that takes no time, so that fake time does not run ahead of it. */
export function fakeDisk() {
  const disk = { text: null as string | null, isFull: false };
  const store: RecordStore = {
    async read(now) {
      if (disk.text === null) return { kind: 'none' };
      const record = parseRecord(disk.text, now);
      return record === null ? { kind: 'unreadable', setAside: 'aside' } : { kind: 'found', record };
    },
    async write(record, now, intent) {
      if (disk.isFull) throw new Error('ENOSPC');
      disk.text = recordText(record, now, intent);
    },
  };
  return { disk, store };
}
