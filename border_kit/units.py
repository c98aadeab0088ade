"""Quantities and units: exact, convertible, or not comparable.

A unit belongs to one dimension and has an exact factor to that dimension's base unit. Two quantities compare only within
a dimension; anything else is `None`, never a guess. Numbers are `Decimal`: what stands on a licence is not a float.

The factors are definitions (SI Brochure, 9th ed. 2019; NIST SP 811, 2008, app. B; UN/ECE Recommendation 20 for codes).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

_TABLE = {
    # dimension: {unit: factor to the base unit}; the first unit is the base
    "count": "pcs=1 pc=1 pce=1 piece=1 pieces=1 nar=1 nmb=1 no=1 ea=1 each=1 unit=1 units=1 u=1 h87=1 c62=1 "
    "pr=2 prs=2 pair=2 pairs=2 npr=2 doz=12 dozen=12 dzn=12 gross=144 gro=144 hundred=100 cen=100 thousand=1000 mil=1000",
    "set": "set=1 sets=1 kit=1 kits=1",
    "mass": "kg=1 kgm=1 kgs=1 kilogram=1 kilograms=1 kilo=1 g=0.001 grm=0.001 gram=0.001 grams=0.001 mg=0.000001 mgm=0.000001 "
    "µg=0.000000001 ug=0.000000001 t=1000 tne=1000 tonne=1000 tonnes=1000 mt=1000 lb=0.45359237 lbs=0.45359237 "
    "lbr=0.45359237 oz=0.028349523125 onz=0.028349523125",
    "length": "m=1 mtr=1 metre=1 metres=1 meter=1 meters=1 km=1000 kmt=1000 cm=0.01 cmt=0.01 mm=0.001 mmt=0.001 "
    "µm=0.000001 um=0.000001 micron=0.000001 microns=0.000001 nm=0.000000001 in=0.0254 inch=0.0254 inches=0.0254 "
    "ft=0.3048 fot=0.3048 feet=0.3048 foot=0.3048 yd=0.9144 mi=1609.344 mile=1609.344 miles=1609.344 nmi=1852",
    "area": "m2=1 mtk=1 m²=1 sqm=1 cm2=0.0001 cm²=0.0001 mm2=0.000001 mm²=0.000001",
    "volume": "l=1 ltr=1 litre=1 litres=1 liter=1 liters=1 ml=0.001 mlt=0.001 cl=0.01 m3=1000 mtq=1000 m³=1000 cbm=1000 "
    "cc=0.001 cm3=0.001 gal=3.785411784",
    "time": "s=1 sec=1 second=1 seconds=1 min=60 mins=60 minute=60 minutes=60 h=3600 hr=3600 hrs=3600 hour=3600 "
    "hours=3600 d=86400 day=86400 days=86400 ms=0.001 µs=0.000001 us=0.000001 ns=0.000000001 ps=0.000000000001 "
    "fs=0.000000000000001",
    "frequency": "Hz=1 kHz=1000 MHz=1000000 GHz=1000000000 THz=1000000000000 fps=1 rpm=0.016666666666666666666667",
    "speed": "m/s=1 km/h=0.27777777777777777777778 kmh=0.27777777777777777777778 kph=0.27777777777777777777778 "
    "kn=0.51444444444444444444444 kt=0.51444444444444444444444 knots=0.51444444444444444444444 mph=0.44704 mach=340.29 mm/min=0.000016666666666666666667",
    "acceleration": "m/s2=1 m/s²=1 g0=9.80665 mg0=0.00980665 µg0=0.00000980665 mGal=0.00001 µGal=0.00000001 uGal=0.00000001",
    "angle": "deg=1 °=1 degree=1 degrees=1 mrad=0.057295779513082320876798 rad=57.295779513082320876798 "
    "arcmin=0.016666666666666666666667 arcsec=0.00027777777777777777777778 mil_angle=0.05625 µrad=0.000057295779513082320876798 urad=0.000057295779513082320876798",
    "angle_rate": "deg/h=1 °/h=1 deg/hr=1 °/hr=1 deg/s=3600 °/s=3600",
    "angle_random_walk": "deg/rt-h=1 deg/√h=1 °/√h=1 deg/rt-hr=1 °/√hr=1 deg/sqrt(h)=1",
    "drift": "nmi/h=1 nm/h=1 nmi/hr=1",
    "power": "W=1 kW=1000 MW=1000000 GW=1000000000 mW=0.001 µW=0.000001 hp=745.69987158227022 VA=1 kVA=1000 MVA=1000000",
    "power_level": "dBm=1",
    "gain": "dB=1 dBi=1 dBic=1",
    "energy": "J=1 kJ=1000 MJ=1000000 mJ=0.001 µJ=0.000001 Wh=3600 kWh=3600000 eV=0.0000000000000000001602176634 "
    "keV=0.0000000000000001602176634 MeV=0.0000000000001602176634",
    "voltage": "V=1 kV=1000 mV=0.001 MV=1000000",
    "current": "A=1 mA=0.001 kA=1000",
    "charge": "Ah=1 mAh=0.001",
    "capacitance": "F=1 mF=0.001 µF=0.000001 uF=0.000001 nF=0.000000001 pF=0.000000000001",
    "pressure": "Pa=1 kPa=1000 MPa=1000000 GPa=1000000000 bar=100000 mbar=100 psi=6894.757293168 atm=101325 ksi=6894757.293168 kpsi=6894757.293168 Msi=6894757293.168 N/mm2=1000000 N/mm²=1000000 Torr=133.32236842105263157895 mTorr=0.13332236842105263157895",
    "temperature": "K=1 °C=1 degC=1 °F=1 degF=1",
    "force": "N=1 kN=1000 MN=1000000 lbf=4.4482216152605 kgf=9.80665 gf=0.00980665 tf=9806.65",
    "torque": "Nm=1",
    "impulse": "Ns=1 N·s=1 kNs=1000",
    "data_rate": "bit/s=1 bps=1 kbit/s=1000 kbps=1000 Mbit/s=1000000 Mbps=1000000 Gbit/s=1000000000 Gbps=1000000000 "
    "B/s=8 MB/s=8000000 GB/s=8000000000 TB/s=8000000000000",
    "data": "B=1 kB=1000 MB=1000000 GB=1000000000 TB=1000000000000 KiB=1024 MiB=1048576 GiB=1073741824",
    "bits": "bit=1 bits=1",
    "sample_rate": "S/s=1 kS/s=1000 MS/s=1000000 GS/s=1000000000 sps=1 ksps=1000 Msps=1000000 Gsps=1000000000",
    "compute": "TOPS=1 TFLOPS=1 GFLOPS=0.001 PFLOPS=1000 WT=1",
    "tpp": "TPP=1",
    "pixels": "px=1 pixel=1 pixels=1 kpx=1000 MP=1000000 Mpx=1000000 megapixel=1000000 elements=1",
    "percent": "%=1 pct=1 percent=1 wt%=1 ppm=0.0001",
    "flow": "m3/h=1 m³/h=1 l/min=0.06 l/h=0.001 m3/min=60 l/s=3.6 m3/s=3600 m³/s=3600",
    "resistivity": "ohm·cm=1 ohm-cm=1 Ω·cm=1",
    "density": "g/cm3=1 g/cm³=1 kg/m3=0.001",
    "axes": "axis=1 axes=1",
    "channels": "ch=1 channel=1 channels=1",
    "ratio": "x=1",
    "radiation": "Gy=1 kGy=1000 rad_si=0.01 krad=10 Mrad=10000",
    "fineness": "mesh=1",
    "tpp_density": "TPP/mm2=1 TPP/mm²=1",
    "memory_density": "GB/s/mm2=1 GB/s/mm²=1",
    "magnetic_noise": "pT/√Hz=1 pT/rt-Hz=1 pT/rtHz=1 fT/√Hz=0.001 fT/rt-Hz=0.001 fT/rtHz=0.001 nT/√Hz=1000 nT/rt-Hz=1000 nT/rtHz=1000",
    "luminous_sensitivity": "µA/lm=1 uA/lm=1",
    "beam_parameter": "mm·mrad=1 mm*mrad=1 mm-mrad=1",
    "sfc": "kg/N/h=1 kg/(N·h)=1 kg/kN/h=0.001 g/kN/s=0.0036 lb/lbf/h=0.10197162129779282426",
    "specific_energy": "Wh/kg=1 J/kg=0.00027777777777777777778 kJ/kg=0.27777777777777777778 J/g=0.27777777777777777778",
    "specific_power": "W/kg=1 kW/kg=1000",
    "inductance": "H=1 mH=0.001 µH=0.000001 uH=0.000001 nH=0.000000001",
    "current_slew": "A/s=1 A/us=1000000 A/µs=1000000 kA/us=1000000000 kA/µs=1000000000",
    "magnetic_field": "T=1 mT=0.001 µT=0.000001 nT=0.000000001 pT=0.000000000001 kG=0.1 gauss=0.0001 tesla=1",
    "calibre": "cal=1",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its `symbol`, its `dimension`, and the exact `factor` to the dimension's base unit."""

    symbol: str
    dimension: str
    factor: Decimal


def _load() -> tuple[dict[str, tuple[Unit, ...]], dict[str, tuple[Unit, ...]]]:
    exact: dict[str, tuple[Unit, ...]] = {}
    folded: dict[str, tuple[Unit, ...]] = {}
    for dimension, row in _TABLE.items():
        for cell in row.split():
            symbol, _, factor = cell.partition("=")
            unit = Unit(symbol, dimension, Decimal(factor))
            exact[symbol] = (*exact.get(symbol, ()), unit)
            folded[symbol.casefold()] = (*folded.get(symbol.casefold(), ()), unit)
    return exact, folded


_EXACT, _FOLDED = _load()

DIMENSIONS = frozenset(_TABLE)
"""The dimensions the kit knows."""


def find_unit(symbol: str, dimension: str | None = None) -> Unit | None:
    """The unit a symbol means, or None where it is unknown or means several things.

    The exact spelling wins (`mW` is not `MW`); else capitals are ignored when that leaves one meaning. `dimension`
    settles symbols that mean two things (`g`: grams or gravities).
    """
    name = symbol.strip().rstrip(".")
    for table, key in ((_EXACT, name), (_FOLDED, name.casefold())):
        found = [unit for unit in table.get(key, ()) if dimension in (None, unit.dimension)]
        if found and len({(unit.dimension, unit.factor) for unit in found}) == 1:
            return found[0]
    return None


def convert(value: Decimal, unit: str, to: str) -> Decimal | None:
    """Convert a value exactly; None where the two units are not comparable or not known.

    The same unknown word on both sides is the same unit (a licence may count in `ROLLS`).
    """
    if unit.strip().casefold() == to.strip().casefold():
        return value
    source = find_unit(unit)
    target = find_unit(to, source.dimension if source else None)
    if source is None and target is not None:
        source = find_unit(unit, target.dimension)
    if source is None or target is None or source.dimension != target.dimension:
        return None
    if source.dimension == "temperature":
        return _temperature(value, source.symbol, target.symbol)
    return value if source.factor == target.factor else value * source.factor / target.factor


@lru_cache(maxsize=1)
def trade_codes() -> dict[str, tuple[Decimal, str]]:
    """The codes and words by which papers of trade name units: a factor and a unit of this module (`data/trade_units.tsv`)."""
    table = Path(__file__).with_name("data") / "trade_units.tsv"
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {code.casefold(): (Decimal(factor), unit) for code, factor, unit, _ in rows}


def ratio(unit: str, to: str) -> Fraction | None:
    """How many `to` one `unit` is, exactly (a piece is 1/12 of a dozen); None where the two are not comparable or not known.

    Understands the codes and words of trade (`KGM`, `030`, `Stück`) beside the units of this module.
    """
    if unit.strip().casefold() == to.strip().casefold():
        return Fraction(1)
    (factor, source), (divisor, target) = _traded(unit), _traded(to)
    left = find_unit(source)
    right = find_unit(target, left.dimension if left else None)
    if left is None and right is not None:
        left = find_unit(source, right.dimension)
    if left is None or right is None or left.dimension != right.dimension or left.dimension == "temperature":
        return None
    return Fraction(left.factor * factor) / Fraction(right.factor * divisor)


def _traded(unit: str) -> tuple[Decimal, str]:
    return trade_codes().get(unit.strip().rstrip(".").casefold(), (Decimal(1), unit))


_DIGITS = 120
"""More digits than any sum of stated figures has, so that nothing is rounded."""


def exact() -> AbstractContextManager[Context]:
    """While this lasts, sums and products of stated amounts are exact."""
    return localcontext(Context(prec=_DIGITS))


_ZERO_CELSIUS = Decimal("273.15")
_FREEZING = Decimal(32)
"""Of water, in degrees Fahrenheit."""


def _temperature(value: Decimal, unit: str, to: str) -> Decimal:
    """Between kelvin, Celsius and Fahrenheit, whose zeros differ (SI Brochure, 2.3.1; NIST SP 811, B.8)."""
    if unit.casefold().endswith("f"):
        value, unit = (value - _FREEZING) * 5 / 9, "°C"
    kelvin = value if unit.casefold() == "k" else value + _ZERO_CELSIUS
    if to.casefold().endswith("f"):
        return (kelvin - _ZERO_CELSIUS) * 9 / 5 + _FREEZING
    return kelvin if to.casefold() == "k" else kelvin - _ZERO_CELSIUS
