"""Titles, degrees, generation suffixes and particles of names in English, Spanish and Portuguese."""

from typing import Final

# By the word in capitals without periods, the suffix as it is written.
SUFFIXES: Final = {
    **dict.fromkeys(("JR", "JUNIOR", "JNR"), "Jr"), **dict.fromkeys(("SR", "SENIOR", "SNR"), "Sr"),
    **dict.fromkeys(("II", "2ND", "2D", "SECOND", "SEGUNDO"), "II"),
    **dict.fromkeys(("III", "3RD", "3D", "THIRD", "TERCERO"), "III"), **dict.fromkeys(("IV", "4TH", "FOURTH"), "IV"),
    **dict.fromkeys(("V", "5TH", "FIFTH"), "V"), **dict.fromkeys(("VI", "6TH", "SIXTH"), "VI"),
    "FILHO": "Filho", "HIJO": "Hijo", "NETO": "Neto", "SOBRINHO": "Sobrinho",
}  # fmt: skip
# Behind a name of only two words, or in front, these are more often part of the name.
NAMES_TOO: Final = frozenset(
    "JUNIOR SENIOR V VI SECOND THIRD FOURTH FIFTH SIXTH SEGUNDO TERCERO FILHO HIJO NETO SOBRINHO".split()
)
IN_FRONT: Final = frozenset("JR JNR II III IV 2ND 3RD 4TH".split())
# Given names in front of which FILHO and NETO are a surname: Ana Maria Neto.
GIVEN: Final = frozenset("MARIA ANA JOSE JOAO LUIS LUIZ CARLOS PEDRO ANTONIO PAULO FRANCISCO MANUEL JUAN ROSA".split())
TITLES: Final = frozenset(
    "MR MRS MS MISS MX DR DRS PROF REV REVD HON SIR SGT CAPT LT COL GEN MAJ CPL PVT ADM CMDR FR RABBI PASTOR IMAM "
    "SEN REP GOV SRTA SRA DRA SRES DONA ING LIC PROFA MTRO MTRA ARQ MME MLLE HERR FRAU DOCTOR REVEREND PROFESSOR "
    "MESSRS SRTO".split()
)
# Given names as well (Dona Jean, Gen, Sen): titles only with a period or a tilde.
TITLES_OR_NAMES: Final = frozenset("DONA GEN SEN ING LIC FR".split())
SPANISH_SENOR: Final = "SR"  # in front it is a title, behind a suffix
DEGREES: Final = frozenset(
    "MD PHD ESQ ESQUIRE DDS DMD RN BSN MSN CPA DVM JD MBA MPH MPA MSW LCSW LMFT LPC LPN CRNA EDD LLM LLB FACS "
    "FACP CFA CFP PMP PSYD PHARMD DNP APRN FNP OFM USN USMC USAF RET CPCU SPHR AIA MFA MDIV DMIN THD RPH SCD".split()
)
# Surnames as well (Anh Do, Yo-Yo Ma): a degree only with periods or behind a comma.
DEGREES_OR_NAMES: Final = frozenset("DO MA BA BS MS PE PA OD DC SJ NP PT OT PAC EA".split())
PARTICLES: Final = frozenset(
    "DE DEL LA LAS LOS VAN VON DER DEN DI DA DOS DAS DO DU LE ST TER TEN BIN IBN AL EL MAC MC".split()
)
LINKS: Final = frozenset({"Y"})
