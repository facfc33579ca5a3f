import type { ReactNode } from 'react';
import { Key, useKeys } from '../keys/keys.tsx';
import { Link } from '../route/link.tsx';
import { useFirstFocus } from './first-focus.ts';

interface ButtonLook {
  /** `primary`: the one act of the place. `danger`: what cannot be undone. */
  kind?: 'primary' | 'normal' | 'quiet' | 'danger';
  small?: boolean;
  wide?: boolean;
  icon?: ReactNode;
}

/**
 * An act, named by a verb. With `keys` the key is registered, shown on the button and in the strip.
 * @param props.label accessible name of a button with an icon only
 */
export function Button(
  props: ButtonLook & {
    onPress?: () => void;
    /** Sends the form it stands in. */
    submit?: boolean;
    keys?: string;
    disabled?: boolean;
    /** Under way: disabled, and said so to screen readers. */
    busy?: boolean;
    label?: string;
    autoFocus?: boolean;
    children?: ReactNode;
  },
) {
  const { keys, children, label } = props;
  const off = props.disabled || props.busy;
  const firstFocus = useFirstFocus(props.autoFocus);
  return (
    <button
      type={props.submit ? 'submit' : 'button'}
      className="yb-button"
      data-kind={props.kind ?? 'normal'}
      data-small={props.small || undefined}
      data-wide={props.wide || undefined}
      data-icon-only={children === undefined || undefined}
      disabled={off}
      aria-busy={props.busy || undefined}
      aria-label={label}
      title={children === undefined ? label : undefined}
      {...firstFocus}
      onClick={props.onPress}
    >
      {props.icon}
      {children}
      {keys && <Key>{keys}</Key>}
      {keys && props.onPress && (
        <ButtonKey
          keys={keys}
          label={label ?? (typeof children === 'string' ? children : keys)}
          off={off}
          run={props.onPress}
        />
      )}
    </button>
  );
}

function ButtonKey(props: { keys: string; label: string; off: boolean | undefined; run: () => void }) {
  useKeys([{ key: props.keys, label: props.label, run: props.run, disabled: props.off }]);
  return null;
}

/** A link that looks like a button: goes to another screen. */
export function ButtonLink(props: ButtonLook & { to: string; children: ReactNode }) {
  return (
    <Link
      to={props.to}
      className="yb-button"
      data-kind={props.kind ?? 'normal'}
      data-small={props.small || undefined}
      data-wide={props.wide || undefined}
    >
      {props.icon}
      {props.children}
    </Link>
  );
}

/** A link that looks like a button and saves or opens a file the server makes (a paper, a table): never a screen. */
export function FileLink(
  props: ButtonLook & {
    href: string /** false opens it in a new tab: papers. */;
    save?: boolean;
    children: ReactNode;
  },
) {
  return (
    <a
      href={props.href}
      className="yb-button"
      data-kind={props.kind ?? 'normal'}
      data-small={props.small || undefined}
      data-wide={props.wide || undefined}
      {...(props.save === false ? { target: '_blank', rel: 'noopener' } : { download: '' })}
    >
      {props.icon}
      {props.children}
    </a>
  );
}
