"""Ordinary names: persons of many countries and firms, drawn from common names, not tuned to any list."""

from __future__ import annotations

import random

GIVEN_FAMILY = {
    "english": ("James Mary Robert Patricia Michael Jennifer Linda David Susan Thomas Sarah Karen Daniel Nancy Emily Oliver Harry Grace",
                "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Thompson White Clark Walker Wright Cooper Bennett Foster"),
    "german": ("Thomas Sabine Andreas Petra Stefan Monika Klaus Ursula Jürgen Renate Lukas Lena Felix Hannah Matthias Katrin",
               "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann Zimmermann"),
    "french": ("Jean Marie Pierre Nathalie Philippe Isabelle Nicolas Sylvie Julien Camille Antoine Chloé Luc Élodie",
               "Martin Bernard Dubois Robert Durand Moreau Laurent Simon Michel Lefebvre Leroy Roux Fournier Girard Bonnet Dupont Lambert Rousseau"),
    "spanish": ("José María Antonio Carmen Manuel Ana Francisco Laura Juan Lucía Javier Elena Carlos Marta Luis Paula Miguel Rosa",
                "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Torres Ramírez Castillo"),
    "portuguese": ("João Ana Pedro Beatriz Tiago Inês Rui Catarina Paulo Sofia Bruno Fernanda", "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Almeida Carvalho Ribeiro"),
    "italian": ("Marco Giulia Luca Francesca Alessandro Chiara Matteo Sara Andrea Elena Paolo Valentina", "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Conti Gallo"),
    "polish": ("Jan Anna Piotr Katarzyna Krzysztof Agnieszka Tomasz Małgorzata Paweł Joanna Marek Ewa", "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Mazur"),
    "turkish": ("Mehmet Ayşe Mustafa Fatma Ahmet Zeynep Emre Elif Murat Merve Hakan Selin", "Yılmaz Kaya Demir Çelik Şahin Yıldız Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin"),
    "russian": ("Александр Елена Дмитрий Ольга Сергей Наталья Андрей Ирина Алексей Татьяна Михаил Светлана", "Смирнов Кузнецов Попов Васильев Соколов Новиков Фёдоров Морозов Волков Лебедев Козлов Егоров"),
    "russian_latin": ("Aleksandr Elena Dmitry Olga Sergey Natalia Andrey Irina Alexey Tatiana Mikhail Svetlana Ivan Maria", "Smirnov Kuznetsov Popov Vasiliev Sokolov Novikov Fedorov Morozov Volkov Lebedev Kozlov Egorov Pavlov Stepanov"),
    "arabic_latin": ("Mohammed Fatima Ahmed Aisha Omar Layla Youssef Mariam Khaled Nour Hassan Salma Tariq Huda Karim Rania", "Haddad Mansour Khoury Najjar Saleh Hamdan Nasser Farah Aziz Rahman Darwish Qasim Shahin Sabbagh Awad Bakri"),
    "arabic": ("محمد فاطمة أحمد عائشة عمر ليلى يوسف مريم خالد نور حسن سلمى طارق هدى", "الحداد منصور الخوري النجار صالح حمدان ناصر فرح عزيز درويش قاسم شاهين الصباغ عوض"),
    "persian": ("Reza Maryam Hossein Zahra Mehdi Sara Amir Narges Hamid Leila Saeed Mina", "Ahmadi Hosseini Karimi Moradi Jafari Rahimi Rezaei Sadeghi Kazemi Bagheri Akbari Shirazi"),
    "indian": ("Rahul Priya Amit Anjali Suresh Kavita Vijay Sunita Arjun Deepika Rajesh Pooja", "Sharma Patel Singh Kumar Gupta Reddy Nair Iyer Mehta Joshi Verma Das Rao Banerjee"),
    "nigerian": ("Chinedu Ngozi Emeka Amina Tunde Yetunde Ibrahim Funke Segun Aisha", "Okafor Adeyemi Okonkwo Balogun Eze Abubakar Ogunleye Nwosu Bello Adebayo"),
    "vietnamese": ("Van Anh Thi Lan Minh Tuan Quoc Hung Thi Hoa Duc Long Ngoc Mai Huu Nghia", "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do"),
    "indonesian": ("Budi Siti Agus Dewi Eko Sri Bambang Ratna Hendra Wati", "Santoso Wijaya Kusuma Hidayat Setiawan Lestari Nugroho Saputra Halim Gunawan"),
}  # fmt: skip
FAMILY_FIRST = {
    "chinese": ("Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin", "Wei Fang Na Xiuying Min Jing Qiang Lei Yang Yong Xiaoming Jie Guoqiang Haiyan Zhiwei Mingze Yuhan"),
    "chinese_han": ("王 李 张 刘 陈 杨 黄 赵 吴 周", "伟 芳 娜 秀英 敏 静 强 磊 小明 海燕 志伟"),
    "korean": ("Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim", "Min-jun Seo-yeon Ji-hoon Su-bin Hyun-woo Ji-woo Young-soo Eun-ji Sung-ho Mi-sook"),
    "japanese": ("Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato", "Haruto Yui Sota Hina Yuto Sakura Kenji Yoko Hiroshi Akiko"),
}  # fmt: skip
FIRST = [
    "Blue",
    "Green",
    "Golden",
    "Silver",
    "North",
    "River",
    "Sunrise",
    "Alpine",
    "Harbour",
    "Summit",
    "Crystal",
    "Royal",
    "Modern",
    "Prime",
    "Delta",
    "Omega",
    "Atlas",
    "Nova",
    "Vertex",
    "Pioneer",
    "Bright",
    "Ocean",
    "Emerald",
    "Falcon",
    "Maple",
    "Cedar",
    "Orchid",
    "Coral",
    "Zenith",
    "Apex",
]
SECOND = [
    "Star",
    "Bridge",
    "Field",
    "Line",
    "Point",
    "Gate",
    "Valley",
    "Stone",
    "Wave",
    "Light",
    "Path",
    "Rock",
    "Peak",
    "Leaf",
    "Wind",
    "Forest",
    "Spring",
    "Hill",
    "Lake",
    "Crest",
]
SECTOR = [
    "Trading",
    "Logistics",
    "Electronics",
    "Foods",
    "Textiles",
    "Pharma",
    "Machinery",
    "Shipping",
    "Construction",
    "Plastics",
    "Furniture",
    "Consulting",
    "Medical Supplies",
    "Auto Parts",
    "Engineering",
    "Software",
    "Agro Products",
    "Chemicals",
    "Optics",
    "Travel",
]
FORM = [
    "Ltd",
    "LLC",
    "GmbH",
    "S.A.",
    "S.r.l.",
    "B.V.",
    "Co., Ltd.",
    "Inc.",
    "FZE",
    "Pvt. Ltd.",
    "AB",
    "Sp. z o.o.",
    "A.Ş.",
    "OOO",
    "SARL",
    "Pte Ltd",
]


def persons(count: int, seed: int = 11) -> list[str]:
    """So many names of persons."""
    draw = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        culture = draw.choice([*GIVEN_FAMILY, *FAMILY_FIRST])
        if culture in GIVEN_FAMILY:
            given, family = (cell.split() for cell in GIVEN_FAMILY[culture])
            name = f"{draw.choice(given)} {draw.choice(family)}"
            if draw.random() < 0.25:
                name = f"{draw.choice(given)} {name}"
            if culture in {"spanish", "portuguese"} and draw.random() < 0.6:
                name += f" {draw.choice(family)}"
        else:
            family, given = (cell.split() for cell in FAMILY_FIRST[culture])
            name = f"{draw.choice(family)}{'' if culture == 'chinese_han' else ' '}{draw.choice(given)}"
        found.append(name.upper() if draw.random() < 0.3 else name)
    return found


def firms(count: int, seed: int = 12) -> list[str]:
    """So many names of firms."""
    draw = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        head = draw.choice(FIRST) + (f" {draw.choice(SECOND)}" if draw.random() < 0.7 else draw.choice(SECOND).lower())
        if draw.random() < 0.3:
            culture = draw.choice(["german", "italian", "english", "turkish", "indian", "russian_latin"])
            head = f"{draw.choice(GIVEN_FAMILY[culture][1].split())} & {draw.choice(['Sons', 'Partners', 'Co', 'Brothers'])}"
        found.append(f"{head} {draw.choice(SECTOR)} {draw.choice(FORM)}")
    return found
