const every = [
  ['en', 'light'],
  ['en', 'dark'],
  ['ko', 'light'],
  ['ko', 'dark'],
] as const;

/** Language and appearance of the pictures: each of both once, and with `npm run screens` every pair of them. */
export const looks = process.env['TANDEM_SCREENS'] === 'all' ? every : [every[0], every[3]];
