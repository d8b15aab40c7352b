"""What is wrong with the storage, in words: seldom needed, so loaded when it is."""

from phone.core.slots import LOST
from phone.events import BROKEN, FULL, READ_ONLY
from phone.phrases import phrase

SAID = {
    FULL: phrase("The storage of the phone is full: what it learns now is lost with the power."),
    READ_ONLY: phrase("The storage of the phone is read-only: what it learns now is lost with the power."),
    BROKEN: phrase("The storage of the phone is damaged: what it learns now may be lost with the power."),
    LOST: phrase("Something that the phone had stored is damaged: it is learned anew."),
}
