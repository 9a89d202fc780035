import type { ReactNode } from 'react';

/** Something that went wrong or is refused: what, why, and what to do next. */
export function ProblemBox(props: {
  readonly tone: 'warn' | 'bad';
  readonly title: string;
  readonly children?: ReactNode;
  readonly alert?: boolean;
}) {
  return (
    <div className={`problem ${props.tone}`} {...(props.alert ? { role: 'alert' } : {})}>
      <strong>{props.title}</strong>
      {props.children}
    </div>
  );
}
