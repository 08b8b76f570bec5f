import { type FormEvent, type ReactNode, useId } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import type { Failure as Failed } from "../data/api";
import { Button } from "./button";
import { classes } from "./classes";
import { Failure } from "./failure";

interface Props {
  role: "dialog" | "alertdialog";
  title: string;
  /** Label of the submit button. Absent: the dialog only shows something. */
  submit?: string;
  cancel?: string;
  danger?: boolean;
  wide?: boolean;
  /** In progress: nothing is sent twice, and the dialog stays until there is an answer. */
  busy?: boolean;
  failure?: Failed | undefined;
  /** Why the form cannot be sent now. */
  whyNot?: string | undefined;
  onSubmit?: () => void;
  onClose: () => void;
  children?: ReactNode;
}

export default function DialogFrame({
  role,
  title,
  submit,
  cancel = submit === undefined ? "Close" : "Cancel",
  danger = false,
  wide = false,
  busy = false,
  failure,
  whyNot,
  onSubmit,
  onClose,
  children,
}: Props) {
  const id = useId();
  const leave = () => busy || onClose();

  function send(event: FormEvent): void {
    event.preventDefault();
    if (!busy && whyNot === undefined) onSubmit?.();
  }

  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={leave}>
      <Modal className={classes("modal", wide && "wide")}>
        <Dialog role={role} className="dialog">
          <form onSubmit={send}>
            <Heading slot="title">{title}</Heading>
            <div className="dialog-body">
              {children}
              <Failure failure={failure} />
            </div>
            {whyNot !== undefined && (
              <p id={id} className="soft why-not">
                {whyNot}
              </p>
            )}
            <div className="actions">
              <Button onClick={leave}>{cancel}</Button>
              {submit !== undefined && (
                <Button
                  type="submit"
                  variant={danger ? "danger" : "primary"}
                  busy={busy}
                  {...(whyNot !== undefined && { "aria-disabled": true, "aria-describedby": id })}
                >
                  {submit}
                </Button>
              )}
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
