import { z } from 'zod';

/** `core` is the Mac that is always on, `edge` the one that leaves; `single` until pairing (design decision 25). */
export const roleSchema = z.enum(['core', 'edge', 'single']);
export type Role = z.infer<typeof roleSchema>;
