from .pwvault import *
