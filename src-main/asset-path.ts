/** Where the renderer's pages live: a scheme of our own, so that `file://` is never needed. */
export const APP_SCHEME = 'app';
const APP_HOST = 'tandem';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Nothing from anywhere but ourselves; no inline code, no connections, no frames. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};

export interface Asset {
  /** Path inside the renderer's folder, with forward slashes, never leading out of it. */
  readonly path: string;
  readonly type: string;
}

/** What a URL asks for; null when it is not ours, leads outside, or is of no kind that we serve. */
export function assetOf(url: string): Asset | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== `${APP_SCHEME}:` || host !== APP_HOST) return null;
  // Only plain names: an encoded slash, dot or backslash is refused instead of interpreted.
  const parts = pathname.slice(1).split('/');
  if (!parts.every((part) => /^[\w-][\w.-]*$/.test(part))) return null;
  const type = TYPES[pathname.slice(pathname.lastIndexOf('.') + 1)];
  return type === undefined ? null : { path: parts.join('/'), type };
}

/** True for a page of ours; `app://tandem.evil/` is none. */
export function isOwnUrl(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`);
}
