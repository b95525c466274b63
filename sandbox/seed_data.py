"""Names and jobs of the ``demo`` seed: all invented, some deliberately awkward."""

JobSeed = tuple[str, str, str, str, bool]  # title, department, city, status, commercial process

NORTHWIND_JOBS: tuple[JobSeed, ...] = (
    ("Warehouse Team Lead", "Operations", "Rotterdam", "SOURCING", False),
    ("Account Manager Benelux", "Sales", "Amsterdam", "SOURCING", True),
    ("Transport Planner", "Operations", "Venlo", "SOURCING", False),
    ("Customer Service Specialist (NL)", "Customer Care", "Utrecht", "INTERVIEW", False),
    ("Data Engineer", "Technology", "Amsterdam", "SOURCING", False),
    ("Java Developer", "Technology", "Amsterdam", "SOURCING", False),
    ("Java Developer", "Technology", "Eindhoven", "SOURCING", False),
    ("Sales Development Representative", "Sales", "Antwerp", "SOURCING", True),
    ("HR Business Partner", "People", "Rotterdam", "INTERVIEW", False),
    ("Finance Controller", "Finance", "Rotterdam", "OFFER", False),
    ("Frontend <script>alert(1)</script> Developer", "Technology", "Amsterdam", "SOURCING", False),
    ("Traineeship Supply Chain & Logistics", "Operations", "Venlo", "ON_HOLD", False),
    ("Night Shift Supervisor", "Operations", "Tilburg", "CANCELLED", False),
    ("Head of Operations", "Operations", "Rotterdam", "CREATED", False),
)

ACME_JOBS: tuple[JobSeed, ...] = (
    ("Production Operator", "Production", "Zwolle", "SOURCING", False),
    ("Java Developer", "Technology", "Zwolle", "SOURCING", False),
    ("Quality Manager", "Quality", "Zwolle", "INTERVIEW", False),
)

# Relative frequency of each status among the believable candidates.
STAGES = {
    "NEW": 26,
    "IN_REVIEW": 12,
    "INTERVIEW": 8,
    "OFFERED": 3,
    "HIRED": 2,
    "REJECTED": 6,
    "WITHDRAWN": 2,
    "LEAD": 3,
}

AWKWARD_CANDIDATES: tuple[tuple[str, str, str | None], ...] = (
    ("Noor", "van Mail-Loos", None),
    ("Ivo", "Verkeerd", "ivo.verkeerd@@example,org"),
    (
        "Maximiliana Alexandra Wilhelmina Theodora",
        "van der Hoeven-Oldenbarneveldt tot Schimmelpenninck Wolfeschlegelsteinhausenbergerdorff",
        "maximiliana.alexandra.wilhelmina.theodora.van.der.hoeven@long-name.example.org",
    ),
    ("محمد", "الأنصاري", "mohammed.alansari@example.org"),
    ("נועה", "בן־דוד", "noa.bendavid@example.org"),
    ("Zoë 'Zed'", "O'Brien & Søn", "zoe.obrien@example.org"),
    ("小林", "さくら", "sakura.kobayashi@example.org"),
)

FIRST_NAMES = (
    "Ada", "Bram", "Chiara", "Daan", "Elif", "Femke", "Gijs", "Hana", "Ilse", "Jonas",
    "Kavya", "Lotte", "Milan", "Nadia", "Olivier", "Priya", "Quinten", "Rosa", "Sven", "Tess",
    "Usha", "Victor", "Wietske", "Xander", "Yara", "Zeynep", "Amira", "Bas", "Carmen", "Dirk",
    "Esther", "Farid", "Greta", "Hugo", "Imani", "Jasper", "Karin", "Luca", "Maud", "Niels",
    "Oksana", "Pieter", "Renske", "Samir", "Tomasz", "Vera", "Willem", "Yusuf",
)  # fmt: skip

LAST_NAMES = (
    "Jansen", "de Vries", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "de Boer", "Bos",
    "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra",
    "Kaya", "Yilmaz", "Rossi", "Novak", "Kowalska", "Nguyen", "Haddad", "El Amrani", "Okafor",
    "Sharma", "Fernandes", "Larsen", "Schmidt", "Dubois", "O'Connor", "Kuipers", "Postma",
    "Willems", "van Dam", "Sanders", "Verhoeven", "Koster", "Prins", "Blom", "Huisman",
)  # fmt: skip
