import { describe, expect, it } from 'vitest';
import { isHeldOut, isOut, parseStats, sideOf, type Stats } from './stats.ts';

const COLUMNS =
  'pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx';
// Lines of HAProxy 2.6.12; a trailing comma on each.
const STATS = `# ${COLUMNS},
fe,FRONTEND,,,3,9,2000,700,1,2,0,0,0,,,,,OPEN,,,,,,,,,1,2,0,,,,0,9,0,9,,,,0,690,0,0,10,
be,core,0,0,1,4,,140,1,2,,0,,1,2,3,4,UP,20,1,0,0,0,9,0,,1,3,1,,141,cc/core,2,1,,2,L7OK,200,1,0,130,0,0,5,
be,edge,0,0,2,4,,560,1,2,,0,,6,0,8,9,MAINT,80,1,0,0,0,9,0,,1,3,2,,561,ce/edge,2,1,,2,,,,0,559,0,0,1,
be,last,1,0,0,1,,2,1,2,,0,,0,0,0,0,no check,1,0,1,,,9,,,1,3,3,,2,,2,1,,2,,,,0,2,0,0,0,
bp,core,0,0,4,4,,10,1,2,,0,,0,0,0,0,UP,20,1,0,0,0,9,0,,1,4,1,,10,cc/core,2,1,,2,,,,0,10,0,0,0,
cc,core,0,0,0,0,,0,0,0,,0,,0,0,0,0,UP 1/2,1,1,0,0,0,9,0,,1,5,1,,0,,2,0,,0,* L7OK,200,1,0,0,0,0,0,
ce,edge,0,0,0,0,,0,0,0,,0,,0,0,0,0,DOWN,1,1,0,4,1,9,9,,1,6,1,,0,,2,0,,0,L7STS,503,"said ""no"", then left",0,0,0,0,0,
`;

function read(text: string): Stats {
  const stats = parseStats(text);
  if (stats === null) throw new Error('unread');
  return stats;
}

/** The same table with its columns the other way round, as another version might write it. */
function reversed(text: string): string {
  const flip = (line: string): string =>
    line.replace(/^# /, '').replace(/,$/, '').split(',').reverse().join(',');
  const [head = '', ...lines] = text.trimEnd().split('\n');
  return [`# ${flip(head)}`, ...lines.filter((line) => !line.includes('"')).map(flip)].join('\n');
}

const CORE = ['be/core', 'bp/core', 'be/last', 'bp/last'];

describe('parseStats', () => {
  it('reads by the names of the columns, wherever they stand', () => {
    const expected = { stot: 560, lbtot: 561, scur: 2, econ: 6, wredis: 9, status: 'MAINT' };
    expect(read(STATS).get('be/edge')).toMatchObject(expected);
    expect(read(reversed(STATS)).get('be/edge')).toMatchObject(expected);
  });

  it('keeps its columns behind a quoted cell with commas', () => {
    expect(read(STATS).get('ce/edge')).toMatchObject({ checkStatus: 'L7STS', hrsp5xx: 0, status: 'DOWN' });
  });

  it.each(['', '\n', 'Permission denied\n', '# pxname,svname\nbe,core\n'])(
    'reads nothing from %j',
    (text) => {
      expect(parseStats(text)).toBeNull();
    },
  );
});

describe('sideOf', () => {
  it('adds both backends and the stand-in', () => {
    expect(sideOf(read(STATS), CORE, 'cc/core')).toEqual({
      requests: 152,
      failures: 8,
      retried: 4,
      inFlight: 6,
      up: true,
    });
  });

  it('says what the checks say, also of a side that is held out', () => {
    expect(sideOf(read(STATS), ['be/edge'], 'ce/edge').up).toBe(false);
  });

  it('does not know before the first check, nor where nothing is checked', () => {
    const begun = read(STATS.replace('L7STS', 'INI'));
    expect(sideOf(begun, ['be/edge'], 'ce/edge').up).toBeNull();
    expect(sideOf(begun, [], 'ce/nobody')).toEqual({
      requests: 0,
      failures: 0,
      retried: 0,
      inFlight: 0,
      up: null,
    });
  });
});

describe('isHeldOut', () => {
  it.each([
    ['MAINT', true, true],
    ['MAINT (via ce/edge)', true, true],
    ['DRAIN', true, false],
    ['DOWN', false, false],
    ['UP', false, false],
    ['no check', false, false],
  ])('%s: %s, out: %s', (status, heldOut, out) => {
    const row = read(STATS.replace(',MAINT,', `,${status},`)).get('be/edge');
    expect(row?.status).toBe(status);
    expect([isHeldOut(row), isOut(row)]).toEqual([heldOut, out]);
  });

  it('holds nobody out who is not there', () => {
    expect([isHeldOut(undefined), isOut(undefined)]).toEqual([false, false]);
  });
});
