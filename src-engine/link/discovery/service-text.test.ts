import { describe, expect, it } from 'vitest';
import { foundOf, instanceName, textOf } from './service-text.ts';

const pin = `0a1b2c3d${'e'.repeat(56)}`;
const announcement = { port: 47_321, name: 'My Mac', pin, pairing: true };

describe('the TXT record', () => {
  it('tells eight digits of the pin and no more', () => {
    expect(textOf(announcement)).toEqual({ v: '1', name: 'My Mac', pin: '0a1b2c3d', pairing: '1' });
    expect(JSON.stringify([textOf(announcement), instanceName(announcement)])).not.toContain('0a1b2c3de');
  });

  it('says nothing of pairing while no window is open', () => {
    expect(textOf({ ...announcement, pairing: false })).not.toHaveProperty('pairing');
  });

  it('fits its strings into 255 bytes without cutting a character', () => {
    const { name = '' } = textOf({ ...announcement, name: '맥'.repeat(200) });
    expect(Buffer.byteLength(`name=${name}`)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^맥+$/u);
  });

  it('comes back as it went', () => {
    expect(foundOf(textOf(announcement), '192.0.2.8', 47_321)).toEqual({
      name: 'My Mac',
      host: '192.0.2.8',
      port: 47_321,
      pin8: '0a1b2c3d',
      pairing: true,
    });
  });
});

describe("a stranger's record", () => {
  const text = textOf(announcement);

  it.each([
    ['no version', { ...text, v: undefined }, '192.0.2.8', 1],
    ['a pin that is none', { ...text, pin: '../../etc' }, '192.0.2.8', 1],
    ['no address', text, undefined, 1],
    ['a name for an address', text, 'evil.example', 1],
    ['port 0', text, '192.0.2.8', 0],
    ['port 65536', text, '192.0.2.8', 65_536],
  ])('is passed over for %s', (_why, said, host, port) => {
    expect(foundOf(said, host, port)).toBeNull();
  });

  it('cannot write control or direction characters on the screen, nor much', () => {
    const found = foundOf({ ...text, name: `a\u0000\u001b[31m\u202eb\n${'x'.repeat(500)}` }, '192.0.2.8', 1);
    expect(found?.name.startsWith('a[31mbx')).toBe(true);
    expect(found?.name.length).toBe(60);
  });

  it('is called by its address when it has no name', () => {
    expect(foundOf({ ...text, name: ' \u200b ' }, '192.0.2.8', 1)?.name).toBe('192.0.2.8');
  });
});
