"""Which passwords are refused."""

import pytest

from eqsr.accounts.passwords import WeakPassword, check_password

EMAIL = "ada.jansen@northwind.example"


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 257,
        "password1234",
        "Password123!",
        "p@ssw0rd2026",
        "Welkom01Welkom01",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Summer2026!!!",
        EMAIL,
        "Ada.Jansen2026",
        "northwind-123",
        "Voetbal12345!",
        "V0etb@l12345!",
        "12345Voetbal!",
        "!!Fietsbel2026!!",
        "Fußball-12345",
        "Kwxzpqrt!4829",
        "+31612345678",
        "motherfucker",
        "1qaz2wsx3edc",
        "Telechargement1",
        "20.000.000,00 €",
    ],
)
def test_what_is_tried_first_is_refused(password):
    with pytest.raises(WeakPassword):
        check_password(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "ada reads nine books",
        "h7$kQ2pLw9!z",
        "zonnig fietspad 12",
        "パスワードは長いほうがよい",
        "northwind sails to the moon",
        "voetbal en zwemmen 12",
        "2 zebras 4 lamps",
        "491827364518273645190",
    ],
)
def test_long_ones_of_unrelated_words_are_good(password):
    check_password(password, EMAIL)
