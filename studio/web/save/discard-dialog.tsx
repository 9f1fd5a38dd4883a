import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { strings } from "../strings.ts";

/** Asks before changes are discarded: nothing brings them back. */
export default function DiscardDialog(props: { readonly discard: () => void; readonly close: () => void }) {
  const { discard, close } = props;
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => isOpen || close()}>
      <Modal className="modal small">
        <Dialog role="alertdialog" className="dialog">
          <Heading slot="title">{strings.save.discardQuestion}</Heading>
          <div className="actions">
            <Button className="button" onPress={close} autoFocus>
              {strings.save.keep}
            </Button>
            <Button
              className="button primary"
              onPress={() => {
                close();
                discard();
              }}
            >
              {strings.save.discardAll}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
