/** What lies over the screen. Focus stays inside, Escape closes, the keys below are out of reach. */
import { Drawer, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../form/button.tsx';
import { InDialog } from '../form/first-focus.ts';
import { t } from '../i18n/language.ts';
import { IconX } from '../icons.ts';
import { useKeys } from '../keys/keys.tsx';
import { Heading } from '../layout/text.tsx';

interface OverProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  /** Buttons at the foot, the primary one last. */
  acts?: ReactNode;
  /** CSS width. */
  width?: number | string;
  /** False: no close button and no Escape (signing in again). */
  closable?: boolean;
  children: ReactNode;
}

// The page below is held still by our styles (feedback.css): the library would write a style element, which the policy
// of the pages refuses.
const still = { duration: 0 };

/** A short task or a decision with a typed reason. Never "Are you sure?". */
export function Dialog(props: OverProps) {
  const closable = props.closable ?? true;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size={props.width ?? 520}
      centered
      transitionProps={still}
      withCloseButton={closable}
      closeOnEscape={closable}
      closeOnClickOutside={false}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('ui.close', 'Đóng') }}
      zIndex={300}
    >
      <OverBody acts={props.acts}>{props.children}</OverBody>
    </Modal>
  );
}

/** A task at the right over the screen, the record still in sight. */
export function SidePanel(props: OverProps) {
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      position="right"
      size={props.width ?? 480}
      transitionProps={still}
      closeOnClickOutside={false}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('ui.close', 'Đóng') }}
      zIndex={300}
    >
      <OverBody acts={props.acts}>{props.children}</OverBody>
    </Drawer>
  );
}

function OverBody(props: { acts?: ReactNode; children: ReactNode }) {
  return (
    <InDialog value={true}>
      <OwnKeys />
      <div className="yb-dialog-body">
        {props.children}
        {props.acts && <div className="yb-dialog-acts">{props.acts}</div>}
      </div>
    </InDialog>
  );
}

/**
 * The keys of the screen below are closed off while this is shown. Stands before the content, so that the keys of the
 * content are registered after it and are valid.
 */
function OwnKeys() {
  useKeys([], true);
  return null;
}

/** Where columns stand under each other (layout.css) what was opened may be far below the row that opened it. */
const STACKED = '(max-width: 900px)';

function useComeIntoSight(title: string) {
  const place = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another title is another thing that was opened
  useEffect(() => {
    if (window.matchMedia(STACKED).matches) place.current?.scrollIntoView({ block: 'start' });
  }, [title]);
  return place;
}

/** The workspace beside the record, part of the page: a column of its own with head, scrolling body and foot. */
export function Workspace(props: {
  title: string;
  beside?: ReactNode;
  onClose?: () => void;
  acts?: ReactNode;
  children: ReactNode;
}) {
  const place = useComeIntoSight(props.title);
  return (
    <aside className="yb-side" aria-label={props.title} ref={place}>
      <header className="yb-side-head">
        <Heading level={2}>{props.title}</Heading>
        {props.beside}
        {props.onClose && (
          <Button
            kind="quiet"
            label={t('ui.close', 'Đóng')}
            icon={<IconX size={18} />}
            onPress={props.onClose}
          />
        )}
      </header>
      <div className="yb-side-body">{props.children}</div>
      {props.acts && <footer className="yb-side-foot">{props.acts}</footer>}
    </aside>
  );
}
