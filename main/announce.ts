/** What a start prints when it serves: one address, and the accounts of the demo province. */
import { print } from './commands/command.ts';
import { DEMO_PASSWORD } from './demo.ts';
import { demoAccounts } from './demo-accounts.ts';
import type { Program } from './program.ts';

export async function announce({ address, house }: Program): Promise<void> {
  print(`\nY Bạ: ${address}\n`);
  if (house.demo) {
    print(`Tỉnh mẫu. Tài khoản (mật khẩu chung: ${DEMO_PASSWORD}):`);
    for (const { username, note } of await demoAccounts(house)) print(`  ${username.padEnd(12)} ${note}`);
    print('Người và bệnh án ở đây đều là bịa. Trang đăng nhập cũng bày các tài khoản này.');
  } else {
    print('Tỉnh trống. Tạo tài khoản đầu tiên: npx yba user add <tên> --name "…" --roles administrator');
  }
  print('\nCtrl-C để dừng.');
}
