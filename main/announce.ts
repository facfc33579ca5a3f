/** What a start prints when it serves: one address, and the accounts of the demo province. */
import { print } from './commands/command.ts';
import { DEMO_PASSWORD, demoAccounts } from './demo.ts';
import type { Program } from './program.ts';

export function announce({ address, house }: Program): void {
  print(`\nY Bạ: ${address}\n`);
  if (house.demo) {
    print(`Tỉnh mẫu. Tài khoản (mật khẩu chung: ${DEMO_PASSWORD}):`);
    for (const { username, note } of demoAccounts(house)) print(`  ${username.padEnd(12)} ${note}`);
  } else {
    print('Tỉnh trống. Tạo tài khoản đầu tiên: npx yba user add <tên> --name "…" --roles administrator');
  }
  print('\nCtrl-C để dừng.');
}
