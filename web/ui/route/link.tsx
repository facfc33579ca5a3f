import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { navigate } from './route.ts';

/** A link to another screen; opens in a new tab when asked to, like any link. */
export function Link(props: { to: string; children: ReactNode } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const { to, children, onClick, ...rest } = props;
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={go} {...rest}>
      {children}
    </a>
  );
}
