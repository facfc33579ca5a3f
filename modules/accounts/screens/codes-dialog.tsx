/** Recovery codes that were just made: shown this once. */
import { Dialog, RecoveryCodes, t } from '../../../web/ui/index.ts';

export function CodesDialog(props: { codes: readonly string[] | null; onKept: () => void }) {
  return (
    <Dialog
      opened={props.codes !== null}
      closable={false}
      onClose={props.onKept}
      title={t('accounts.codes', 'Cất giữ mã dự phòng')}
      width={480}
    >
      {props.codes && <RecoveryCodes codes={props.codes} onKept={props.onKept} />}
    </Dialog>
  );
}
