import { verdict, type Check } from '../check.ts';

/** This Mac's key for pairing can be used, and is for this user alone. */
export const identityCheck: Check = {
  name: 'identity',
  async run({ pair }) {
    const { folder, fingerprint, open, trouble } = await pair.identity();
    if (trouble !== null)
      return verdict(
        'identity',
        'problem',
        'doctor.identity.unusable',
        { ...trouble, folder },
        'doctor.identity.unusable.action',
      );
    if (open.length > 0)
      return verdict(
        'identity',
        'problem',
        'doctor.identity.open',
        { folder, files: open.join(', ') },
        'doctor.identity.open.action',
      );
    return fingerprint === null
      ? verdict('identity', 'ok', 'doctor.identity.none')
      : verdict('identity', 'ok', 'doctor.identity.ok', { fingerprint });
  },
};
