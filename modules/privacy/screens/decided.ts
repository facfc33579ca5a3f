import { refresh, t, toast } from '../../../web/ui/index.ts';

/** After a decision. */
export function decided(patient: string): void {
  void refresh(['citizen-consents', patient]);
  toast({ text: t('privacy.decided', 'Đã ghi. Có hiệu lực ngay.') });
}
