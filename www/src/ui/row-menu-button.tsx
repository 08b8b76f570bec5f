// What opens a row's menu: until the menu itself is there, it only looks so.
import type { ComponentProps } from "react";
import { Button } from "./button";
import { Icon } from "./icon";

export function RowMenuButton({ name, ...props }: { name: string } & ComponentProps<typeof Button>) {
  return <Button variant="quiet" aria-label={`Actions for ${name}`} aria-haspopup="menu" {...props}><Icon name="more" /></Button>;
}
